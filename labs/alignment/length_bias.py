r"""Length bias measured: a policy whose length has no influence on the reward, trained with three averages.

An answer is right with probability p = σ(z₀); it stops after each token with probability q, one q for right answers
and one for wrong ones. The reward looks only at right or wrong, so an unbiased gradient leaves both q alone.
Source of the claim: Liu et al., *Understanding R1-Zero-Like Training* (arXiv:2503.20783), section 3.1.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from labs.alignment.group_advantage import binary_advantages

Array = npt.NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """(n,) → (n,)."""
    out: Array = 1 / (1 + np.exp(-z))  # (n,)
    return out


# --8<-- [start:closed]
def stop_drift(q: float) -> float:
    r"""$E[s/n]$ of a geometric length n, with score $s=\partial_z\log\pi=1-qn$: it is 0 for s, but not for s/n.

    $E[1/n]-q=-q\ln q/(1-q)-q>0$: shorter answers have the larger weight, and they are the ones that stopped.
    """
    return float(-q * np.log(q) / (1 - q) - q)


# --8<-- [end:closed]


# --8<-- [start:exact]
def lengths_of(q: float, longest: int) -> tuple[Array, Array]:
    """P(n) and the stop score s(n) for n = 0 … `longest`, both (longest+1,); the last token always ends the answer."""
    n = np.arange(longest + 1)  # (longest+1,)
    chance = np.where(n > 0, q * (1 - q) ** np.maximum(n - 1, 0), 0.0)  # (longest+1,)
    chance[-1] = (1 - q) ** (longest - 1)
    score = 1.0 - q * n  # (longest+1,): −q for each token that went on, 1−q for the one that stopped
    score[-1] = -q * (longest - 1)  # cut off: the last token decided nothing, and E[s] is exactly 0
    return np.asarray(chance), np.asarray(score)


def gradient(z: Array, size: int, average: str, longest: int) -> Array:
    """Exact E of the group gradient in z = (right, stop if right, stop if wrong); advantages divided by the std.

    `average`: sample 1/|o_i|, tokens G/Σ|o|, constant 1/longest. The first token decides right or wrong.
    """
    p, q = sigmoid(z)[0], sigmoid(z)[1:]  # q (2,): if right, if wrong
    law = [lengths_of(float(x), longest) for x in q]
    n = np.arange(longest + 1)  # (longest+1,)
    out = np.zeros(3)  # (3,)
    for k in range(1, size):  # groups that are all right or all wrong have no gradient
        chance = comb(size, k) * p**k * (1 - p) ** (size - k)
        for kind, count in enumerate((k, size - k)):
            weight = np.full(longest + 1, 1 / longest)  # (longest+1,): the constant
            if average == "sample":
                weight = 1 / np.maximum(n, 1)
            elif average == "tokens":  # G/(n + N), averaged over the summed length N of the other answers
                rest = np.ones(1)  # law of N
                for other in [0] * (k - (kind == 0)) + [1] * (size - k - (kind == 1)):
                    rest = np.convolve(rest, law[other][0])
                weight = size / np.maximum(n[:, None] + np.arange(len(rest)), 1) @ rest
            pull = binary_advantages(k, size)[kind] * count / size * law[kind][0] * weight  # (longest+1,)
            out[0] += chance * float(pull.sum()) * ((1 - p) if kind == 0 else -p)
            out[1 + kind] += chance * float((pull * law[kind][1]).sum())
    return out


def train(average: str, accuracy: float, size: int = 8, longest: int = 64, step: float = 0.2) -> Array:
    """Ascend from p = 0.2 and q = 0.1 until p reaches `accuracy`: rows (p, mean length if right, if wrong)."""
    z, rows = np.log(np.array([0.25, 1 / 9, 1 / 9])), []  # (3,)
    for _ in range(2000):
        p, q = sigmoid(z)[0], sigmoid(z)[1:]
        rows.append([p] + [float(lengths_of(float(x), longest)[0] @ np.arange(longest + 1)) for x in q])
        if p >= accuracy:
            break
        g = gradient(z, size, average, longest)  # (3,)
        z = z + step * g / abs(g[0])  # equal steps in logit p: only directions are compared
    return np.array(rows)


# --8<-- [end:exact]
