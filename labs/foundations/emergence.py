r"""A smooth gain per token looks like a jump when only whole answers count: $acc=p^L$.

Source: Schaeffer, Miranda and Koyejo, *Are Emergent Abilities of Large Language Models a Mirage?*
(arXiv:2304.15004), section 2. The constants are made up; only the shape of the curves means anything.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:metrics]
def token_loss(size: Array, scale: float = 1e8, power: float = 0.4) -> Array:
    r"""Cross-entropy per token as a power law in model size, $(N/c)^{-\alpha}$: same shape as `size`."""
    return (size / scale) ** -power


def token_accuracy(size: Array) -> Array:
    """Probability of the right token, exp(-loss)."""
    return np.exp(-token_loss(size))


def exact_match(p: Array, length: int) -> Array:
    """Probability that all `length` tokens are right, if they are independent: non-linear in p."""
    return p**length


def wrong_tokens(p: Array, length: int) -> Array:
    """Expected number of wrong tokens, close to the token edit distance: linear in p."""
    return length * (1 - p)


# --8<-- [end:metrics]


def seen_as_zero(accuracy: float, questions: int) -> float:
    """Probability that a model of this accuracy answers none of `questions` independent questions."""
    return (1 - accuracy) ** questions
