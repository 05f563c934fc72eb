r"""Pre-training objectives as two things only: who sees whom, and which positions are charged.

Sources: Radford et al. (2018), equation 1; Dong et al. (arXiv:1905.03197), figure 1; Raffel et al.
(arXiv:1910.10683), sections 3.2.1 and 3.2.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

IGNORE = -100  # a target that is not charged, as in PyTorch


# --8<-- [start:visible]
def visible(n: int, prefix: int = 0) -> Mask:
    """Query i sees key j, (n, n): prefix = 0 is causal, 0 < prefix < n a prefix LM, prefix = n bidirectional."""
    j = np.arange(n)
    return (j <= j[:, None]) | (j < prefix)  # the past and itself, or anything within the prefix


def next_token_targets(ids: Ids, prefix: int = 0) -> Ids:
    """The label of each input position (n,): the token after it; those inside the prefix are not charged."""
    labels = np.append(ids[1:], IGNORE)  # (n,), the last position has no successor
    labels[: max(prefix - 1, 0)] = IGNORE  # the last prefix token does predict: the first one of the rest
    return labels


def mean_loss(logits: Array, labels: Ids) -> float:
    """Cross-entropy of `logits` (n, V) over the labels (n,) that are not IGNORE."""
    keep = np.flatnonzero(labels != IGNORE)  # (m,)
    return float(-np.log(softmax(logits[keep])[np.arange(len(keep)), labels[keep]]).mean())


# --8<-- [end:visible]


# --8<-- [start:span]
def corrupt_spans(ids: list[int], spans: list[tuple[int, int]], sentinel: int) -> tuple[list[int], list[int]]:
    """T5: each span [start, end) becomes one sentinel; the target lists sentinels with what they hide.

    Sentinels count down from `sentinel`, as in T5's vocabulary; the target ends with one more.
    """
    source, target, at = [], [], 0
    for number, (start, end) in enumerate(spans):
        source += [*ids[at:start], sentinel - number]
        target += [sentinel - number, *ids[start:end]]
        at = end
    return source + ids[at:], [*target, sentinel - len(spans)]


def random_spans(n: int, rate: float, mean: float, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Spans that hide round(n·rate) of n tokens in pieces of `mean` on average, with a gap before each."""
    hidden = round(n * rate)
    pieces = max(round(hidden / mean), 1)

    def split(total: int) -> Ids:
        """`total` into as many parts of at least 1, all ways alike: (pieces,)."""
        cuts = np.sort(rng.choice(total - 1, pieces - 1, replace=False)) + 1
        return np.diff(np.concatenate([[0], cuts, [total]]))

    spans, at = [], 0
    for gap, length in zip(split(n - hidden).tolist(), split(hidden).tolist(), strict=True):
        spans.append((at + gap, at + gap + length))
        at += gap + length
    return spans


# --8<-- [end:span]


def t5_lengths(n: int, rate: float = 0.15, mean: float = 3.0) -> tuple[int, int]:
    """Lengths of input and target of n tokens in T5's code, where both end with EOS instead of a last sentinel."""
    hidden = round(n * rate)
    pieces = round(hidden / mean)
    return n - hidden + pieces + 1, hidden + pieces + 1
