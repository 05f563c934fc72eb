r"""Unigram language model: a segmentation is as probable as the product of its pieces; Viterbi finds the best.

Source: Kudo, *Subword Regularization* (arXiv:1804.10959), sections 3.2 and 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, inf

import numpy as np

LogP = Mapping[str, float]


# --8<-- [start:viterbi]
def viterbi(text: str, logp: LogP) -> tuple[list[str], float]:
    """The most probable segmentation of `text` and its log probability."""
    score = [0.0] + [-inf] * len(text)  # score[i]: best log probability of text[:i]
    start = [0] * (len(text) + 1)  # start[i]: where the last piece of that segmentation begins
    for i in range(1, len(text) + 1):
        for j in range(i):
            candidate = score[j] + logp.get(text[j:i], -inf)
            if candidate > score[i]:
                score[i], start[i] = candidate, j
    pieces: list[str] = []
    i = len(text) if score[-1] > -inf else 0
    while i:
        pieces.append(text[start[i] : i])
        i = start[i]
    return pieces[::-1], score[-1]


# --8<-- [end:viterbi]


def segmentations(text: str, logp: LogP) -> Iterator[tuple[list[str], float]]:
    """Every segmentation of `text` with its log probability: exponentially many, for short texts only."""
    if not text:
        yield [], 0.0
    for end in range(1, len(text) + 1):
        if text[:end] in logp:
            for rest, lp in segmentations(text[end:], logp):
                yield [text[:end], *rest], logp[text[:end]] + lp


# --8<-- [start:sample]
def tempered(text: str, logp: LogP, alpha: float) -> dict[tuple[str, ...], float]:
    """Subword regularization: probabilities of the segmentations in proportion to P(x)**alpha."""
    weights = {tuple(pieces): exp(alpha * lp) for pieces, lp in segmentations(text, logp)}
    total = sum(weights.values())
    return {pieces: weight / total for pieces, weight in weights.items()}


# --8<-- [end:sample]


# --8<-- [start:forward]
def forward(text: str, logp: LogP) -> list[float]:
    """alpha[i]: log of the summed probability of all segmentations of text[:i]."""
    alpha = [0.0] + [-inf] * len(text)
    for i in range(1, len(text) + 1):
        terms = [alpha[j] + logp.get(text[j:i], -inf) for j in range(i)]
        alpha[i] = float(np.logaddexp.reduce(terms))
    return alpha


# --8<-- [end:forward]
