r"""One vector for a sentence, and one word with two meanings: what an encoder does with context.

Source: Devlin et al. (arXiv:1810.04805), sections 3 and 4: [CLS] as the sentence vector, contextual tokens.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:pooling]
def pool(h: Array, real: Mask, how: str) -> Array:
    """Sentence vectors (B, d) from the last layer `h` (B, T, d); `real` (B, T) is False on padding."""
    out: Array = h[:, 0]  # "cls": the first token, whatever the others are
    if how == "max":
        out = np.where(real[..., None], h, -np.inf).max(axis=1)
    if how == "mean":
        out = (h * real[..., None]).sum(axis=1) / real.sum(axis=1, keepdims=True)  # real tokens only
    return out


# --8<-- [end:pooling]


# --8<-- [start:polysemy]
FRUIT, PHONE, OTHER = np.eye(3)
"""Three directions of meaning in a space of 3 dimensions."""
WORDS = {
    "苹果": (FRUIT + PHONE) / np.sqrt(2),
    "香蕉": FRUIT,
    "发布会": PHONE,
    "吃": FRUIT * 0.5 + OTHER * 0.5,
    "了": OTHER,
}


def contextual(sentence: list[str], word: str, layers: int, sharpness: float = 1.0) -> Array:
    """The vector of `word` after `layers` self-attention layers with shortcut (W = identity): (3,), unit length."""
    x = np.array([WORDS[w] for w in sentence])  # (T, 3): the same row for a word in every sentence
    for _ in range(layers):
        x = x + attention(x, x, x, scale=sharpness)  # (T, 3)
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
    row: Array = x[sentence.index(word)]
    return row / np.linalg.norm(row)


# --8<-- [end:polysemy]
