r"""Whole-word masking: all pieces of a word are hidden together, so a piece cannot be guessed from its neighbours.

Source: Kim et al., *ViLT* (arXiv:2102.03334), section 3.3. Word pieces that continue a word start with "##".
"""

from __future__ import annotations

from itertools import product

import numpy as np


# --8<-- [start:mask]
def words(pieces: list[str]) -> list[list[int]]:
    """Indices of the pieces of each word: ["gi", "##raf", "##fe"] is one word."""
    groups: list[list[int]] = []
    for i, piece in enumerate(pieces):
        if piece.startswith("##") and groups:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def mask_words(pieces: list[str], rate: float, rng: np.random.Generator) -> list[str]:
    """Each word is hidden as a whole with probability `rate`."""
    hidden = {i for word in words(pieces) if rng.random() < rate for i in word}
    return ["[MASK]" if i in hidden else piece for i, piece in enumerate(pieces)]


# --8<-- [end:mask]


def leak(pieces: int, rate: float) -> float:
    """Pieces masked one by one: how often a hidden piece of a word still has a visible neighbour in that word."""
    hit = total = 0.0
    for state in product((True, False), repeat=pieces):  # True = hidden
        p = float(np.prod([rate if hidden else 1 - rate for hidden in state]))
        total += p * state[0]
        hit += p * (state[0] and not all(state))
    return hit / total
