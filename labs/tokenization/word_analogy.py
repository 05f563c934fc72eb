r"""Word analogy by vector offset (3CosAdd), with and without the three question words among the candidates.

Source: Mikolov et al., *Efficient Estimation of Word Representations in Vector Space* (arXiv:1301.3781), section 4;
criticism: Linzen, *Issues in evaluating semantic spaces using word analogies* (arXiv:1606.07736).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
WORDS = ["国王", "男人", "女人", "女王"]


# --8<-- [start:analogy]
def cosines(query: Array, vectors: Array) -> Array:
    """Cosine of a query (d,) with every row of (V, d): (V,)."""
    found: Array = vectors @ query / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(query))
    return found


def three_cos_add(vectors: Array, a: int, b: int, c: int, exclude: bool) -> int:
    """a is to b as c is to …: the word nearest to v_b − v_a + v_c; `exclude` strikes a, b and c off first."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # (V, d), as word-analogy.c does
    found = cosines(unit[b] - unit[a] + unit[c], unit)  # (V,)
    if exclude:
        found[[a, b, c]] = -np.inf
    return int(found.argmax())


def nearest_to_c(vectors: Array, a: int, b: int, c: int) -> int:
    """A rival without any offset: the nearest neighbour of c that is not a question word."""
    found = cosines(vectors[c], vectors)  # (V,)
    found[[a, b, c]] = -np.inf
    return int(found.argmax())


# --8<-- [end:analogy]


# --8<-- [start:royals]
def royals(own: float, gender: float = 0.5) -> Array:
    """国王, 男人, 女人, 女王, each as rank + gender + something of its own, all at right angles: (4, 8).

    Squared lengths: 1 for a rank (royal or common), `gender` for a gender, `own` for what only that word has.
    """
    royal, common, male, female = np.diag(np.sqrt([1, 1, gender, gender, 0, 0, 0, 0]))[:4]  # (8,) each
    private = np.sqrt(own) * np.eye(8)[4:]  # (4, 8)
    vectors: Array = np.array([royal + male, common + male, common + female, royal + female]) + private
    return vectors


# --8<-- [end:royals]


def pairs(n: int, offset: float, base: float, own: float, d: int, rng: np.random.Generator) -> Array:
    """n pairs of words (2n, d), first members first: a base of its own, the second shifted by the common offset.

    `offset`, `base` and `own` are lengths: of the shift all pairs share, of what the two words of a pair share, and of
    what only one word has.
    """
    shift, bases, noise = rng.standard_normal(d), rng.standard_normal((n, d)), rng.standard_normal((2 * n, d))
    first = base / np.sqrt(d) * bases  # (n, d)
    vectors: Array = np.concatenate([first, first + offset / np.sqrt(d) * shift]) + own / np.sqrt(d) * noise  # (2n, d)
    return vectors


def accuracy(vectors: Array) -> dict[str, float]:
    """Share of right answers over all questions first_i : second_i :: first_j : second_j with i ≠ j."""
    n = len(vectors) // 2
    asked = [(i, n + i, j, n + j) for i in range(n) for j in range(n) if i != j]
    return {
        "excluded": float(np.mean([three_cos_add(vectors, a, b, c, True) == d for a, b, c, d in asked])),
        "all words": float(np.mean([three_cos_add(vectors, a, b, c, False) == d for a, b, c, d in asked])),
        "no offset": float(np.mean([nearest_to_c(vectors, a, b, c) == d for a, b, c, d in asked])),
    }
