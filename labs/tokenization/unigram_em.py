r"""Training a unigram language model: EM estimates the probabilities of the pieces, pruning shrinks the vocabulary.

Source: Kudo, *Subword Regularization* (arXiv:1804.10959), section 3.2. SentencePiece departs from it in the
M step (a digamma function works as a sparse prior) and takes losses on the Viterbi path only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from math import exp, log

from labs.tokenization.unigram import LogP, forward

PHRASES = {
    "研究": 5, "研究生": 4, "研究起源": 3, "研究生命": 2, "生命": 4, "生命起源": 3, "起源": 2, "命": 2,
}  # fmt: skip
"""The corpus of the page, whose longest phrase can be split in more than one sensible way."""


# --8<-- [start:em]
def expected_counts(text: str, logp: LogP) -> tuple[dict[str, float], float]:
    """E step: expected uses of each piece over all segmentations, and log P(text)."""
    alpha = forward(text, logp)
    # The same from the right: beta[i] sums over the segmentations of text[i:].
    beta = forward(text[::-1], {piece[::-1]: lp for piece, lp in logp.items()})[::-1]
    counts: dict[str, float] = defaultdict(float)
    for i in range(len(text)):
        for j in range(i + 1, len(text) + 1):
            if text[i:j] in logp:
                counts[text[i:j]] += exp(alpha[i] + logp[text[i:j]] + beta[j] - alpha[-1])
    return counts, alpha[-1]


def em_step(corpus: Mapping[str, int], logp: LogP) -> tuple[dict[str, float], float]:
    """M step: probabilities in proportion to the expected counts; also the log likelihood before it."""
    total: dict[str, float] = dict.fromkeys(logp, 0.0)
    likelihood = 0.0
    for text, n in corpus.items():
        counts, log_z = expected_counts(text, logp)
        likelihood += n * log_z
        for piece, expected in counts.items():
            total[piece] += n * expected
    used = sum(total.values())
    return {piece: log(c / used) for piece, c in total.items() if c > 1e-12}, likelihood


# --8<-- [end:em]


def seed(corpus: Mapping[str, int], longest: int = 4) -> dict[str, float]:
    """The large vocabulary to start from: all characters, and all substrings that occur at least twice."""
    counts: Counter[str] = Counter()
    for text, n in corpus.items():
        for i in range(len(text)):
            for j in range(i + 1, min(i + longest, len(text)) + 1):
                counts[text[i:j]] += n
    kept = {piece: n for piece, n in counts.items() if len(piece) == 1 or n > 1}
    total = sum(kept.values())
    return {piece: log(n / total) for piece, n in kept.items()}


# --8<-- [start:prune]
def losses(corpus: Mapping[str, int], logp: LogP) -> dict[str, float]:
    """How much the log likelihood falls when a piece is removed; single characters are never candidates."""

    def likelihood(model: LogP) -> float:
        return sum(n * forward(text, model)[-1] for text, n in corpus.items())

    whole = likelihood(logp)
    return {
        piece: whole - likelihood({other: lp for other, lp in logp.items() if other != piece})
        for piece in logp
        if len(piece) > 1
    }


def train(corpus: Mapping[str, int], size: int, keep: float = 0.8, rounds: int = 2) -> dict[str, float]:
    """Alternate `rounds` of EM with pruning to the `keep` share of the pieces that cost most to lose."""
    logp = seed(corpus)
    characters = {char for text in corpus for char in text}
    while True:
        for _ in range(rounds):
            new, _ = em_step(corpus, logp)
            logp = dict.fromkeys(sorted(characters), -30.0) | new  # a character must never vanish
        loss = losses(corpus, logp)
        room = max(size - len(characters), int(len(loss) * keep))
        if len(loss) <= size - len(characters):
            return logp
        best = sorted(loss, key=lambda piece: (-loss[piece], piece))[:room]
        logp = {piece: logp[piece] for piece in (*sorted(characters), *best)}


# --8<-- [end:prune]
