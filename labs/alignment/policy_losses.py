r"""One loss, seven switches: GRPO, Dr.GRPO, DAPO, VAPO, GSPO and ARPO on the same group of G answers, with gradients.

Sources: Shao et al., *DeepSeekMath* (arXiv:2402.03300), section 4.1; Liu et al., *Understanding R1-Zero-Like Training*
(arXiv:2503.20783), section 3; Yu et al., *DAPO* (arXiv:2503.14476), section 3; Yue et al., *VAPO* (arXiv:2504.05118),
section 4; Zheng et al., *GSPO* (arXiv:2507.18071), section 4; Dong et al., *ARPO* (arXiv:2507.19849), section 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:recipe]
@dataclass(frozen=True)
class Recipe:
    """What the methods disagree on. `average`: sample 1/(G·|o_i|), tokens 1/Σ|o|, or constant 1/(G·L_max)."""

    name: str
    divide_by_std: bool = True
    sequence_ratio: bool = False
    low: float = 0.2
    high: float = 0.2
    average: str = "sample"
    beta: float = 0.0
    """Weight of the KL term (k3) inside the loss."""
    positive_nll: float = 0.0
    """Weight of plain maximum likelihood on the right answers (VAPO)."""


GRPO = Recipe("GRPO", beta=0.04)
DR_GRPO = Recipe("Dr.GRPO", divide_by_std=False, average="constant")
DAPO = Recipe("DAPO", high=0.28, average="tokens")
VAPO = Recipe("VAPO", high=0.28, average="tokens", positive_nll=0.1)  # its advantages come from a critic
GSPO = Recipe("GSPO", sequence_ratio=True, low=3e-4, high=4e-4)
# --8<-- [end:recipe]


# --8<-- [start:advantage]
def group_advantage(rewards: Array, divide_by_std: bool = True) -> Array:
    """Reward minus the group's mean, over its (population) deviation if asked: (G,) → (G,); 0 if all are equal."""
    centred: Array = rewards - rewards.mean()  # (G,)
    if rewards.max() == rewards.min():  # three times 0.1 have a deviation of 1e-17
        return np.zeros_like(centred)
    return centred / rewards.std() if divide_by_std else centred


def share_prefix(advantages: Array, prefix: Array) -> Array:
    """ARPO, hard variant: tokens (G, T) with the same `prefix` id ≥ 0 were sampled once, and get their mean."""
    out = advantages.copy()  # (G, T)
    for node in np.unique(prefix[prefix >= 0]):
        out[prefix == node] = advantages[prefix == node].mean()
    return out


# --8<-- [end:advantage]


# --8<-- [start:loss]
def token_weights(recipe: Recipe, mask: Mask, max_length: int) -> Array:
    """How much one token counts in the average: (G, T), 0 on padding."""
    lengths = mask.sum(axis=1, keepdims=True)  # (G, 1)
    divisor = {"sample": len(mask) * lengths, "tokens": lengths.sum(), "constant": len(mask) * max_length}
    return np.where(mask, 1 / divisor[recipe.average], 0.0)


def policy_loss(
    recipe: Recipe, logp: Array, old: Array, ref: Array, mask: Mask, advantages: Array, max_length: int, right: Mask
) -> tuple[float, Array]:
    """Loss and its gradient in `logp`; log-probabilities and `advantages` (G, T), `mask` (G, T), `right` (G,)."""
    weight = token_weights(recipe, mask, max_length)  # (G, T)
    log_ratio = np.where(mask, logp - old, 0.0)  # (G, T)
    if recipe.sequence_ratio:  # the geometric mean of the token ratios, the same on every token of an answer
        mean = log_ratio.sum(axis=1, keepdims=True) / mask.sum(axis=1, keepdims=True)  # (G, 1)
        log_ratio = np.where(mask, mean, 0.0)  # (G, T)
    ratio = np.exp(log_ratio)  # (G, T)
    inside = np.clip(ratio, 1 - recipe.low, 1 + recipe.high)  # (G, T)
    objective = np.minimum(ratio * advantages, inside * advantages)  # (G, T)
    live = np.where(advantages > 0, ratio <= 1 + recipe.high, ratio >= 1 - recipe.low)  # (G, T): not clipped
    loss = -(weight * objective).sum()
    grad = -weight * advantages * ratio * live  # (G, T): for the sequence ratio too, as 1/|o| is in `weight`
    gap = np.where(mask, ref - logp, 0.0)  # (G, T)
    loss += recipe.beta * (weight * (np.expm1(gap) - gap)).sum()  # k3
    grad -= recipe.beta * weight * np.expm1(gap)
    if recipe.positive_nll and right.any():
        chosen = mask & right[:, None]  # (G, T)
        loss -= recipe.positive_nll * logp[chosen].mean()
        grad -= recipe.positive_nll * chosen / chosen.sum()
    return float(loss), grad


# --8<-- [end:loss]
