r"""What single-token masking misses: words torn apart, and blanks that do not know of each other.

Sources: Devlin et al. (arXiv:1810.04805), section 3.1; whole-word masking is in the README of google-research/bert;
Joshi et al. (arXiv:1907.10529), section 3.1 (spans).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:words]
def mask_pieces(word_of: Ids, rate: float, rng: np.random.Generator) -> Mask:
    """BERT: every piece decides for itself. `word_of` (n,) gives the word of each piece; → masked (n,)."""
    return rng.random(word_of.shape) < rate


def mask_whole_words(word_of: Ids, rate: float, rng: np.random.Generator) -> Mask:
    """A word is masked with all its pieces or not at all; the share of masked pieces is the same: (n,)."""
    chosen = rng.random(int(word_of.max()) + 1) < rate  # (words,)
    return chosen[word_of]


def torn(word_of: Ids, masked: Mask) -> float:
    """Of the words with a masked piece, the share that still shows another piece."""
    words = int(word_of.max()) + 1
    pieces = np.bincount(word_of, minlength=words)  # (words,)
    hidden = np.bincount(word_of, weights=masked, minlength=words)  # (words,)
    touched = hidden > 0
    return float((hidden[touched] < pieces[touched]).mean())


def torn_expected(pieces: int, rate: float) -> float:
    """The same share for words of `pieces` pieces that decide independently."""
    return float(1 - rate**pieces / (1 - (1 - rate) ** pieces))


# --8<-- [end:words]


# --8<-- [start:joint]
def independent(joint: Array) -> Array:
    """What two masked positions predict at best: the product of the marginals. `joint` (V, W) → (V, W)."""
    return np.outer(joint.sum(axis=1), joint.sum(axis=0))


def cross_entropy(joint: Array, model: Array) -> float:
    """Expected −log of `model` (V, W) under `joint` (V, W), in nats."""
    seen = joint > 0
    return float(-(joint[seen] * np.log(model[seen])).sum())


# --8<-- [end:joint]


def fake_share(rate: float, vocab: int) -> float:
    """Of the visible tokens that are not [MASK], the share that is not the true one under 80/10/10.

    The random token is drawn from the whole vocabulary and equals the true one once in `vocab` times.
    """
    fake = 0.1 * rate * (1 - 1 / vocab)
    return fake / (1 - 0.8 * rate)
