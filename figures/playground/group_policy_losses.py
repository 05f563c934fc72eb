"""Ratios and clipping on a group of four answers under GRPO, and what four methods leave of it."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from figures.svg import ACCENT, INK, Svg
from labs.alignment.policy_losses import (
    DAPO,
    DR_GRPO,
    GRPO,
    GSPO,
    Array,
    Mask,
    Recipe,
    group_advantage,
    policy_loss,
)

REWARDS = [1.0, 1.0, 0.0, 0.0]
RATIOS = [
    [0.95, 1.18],
    [0.69, 1.57, 1.5, 1.26, 1.08, 0.91, 1.55, 1.8],
    [1.72, 1.48, 1.11, 0.7],
    [1.14, 1.23, 0.7, 0.82, 0.88, 0.7],
]
"""New probability over old one: of the batch of tests/labs/test_alignment_policy_losses.py, to two decimals."""
LOGS = [[log(ratio) for ratio in answer] for answer in RATIOS]
LONGEST = 10
"""L of Dr.GRPO."""
CELL, ROW, HALF, SPAN = 42, 132, 36, log(2)
RED = "var(--vermilion, #ab3f29)"
GREEN = "var(--jade, #2b6a4f)"


def padded(logs: Sequence[Sequence[float]]) -> tuple[Array, Mask]:
    """Log-ratios of answers of unequal length as (G, T), and which of them are tokens."""
    mask = np.arange(max(map(len, logs))) < np.array([[len(own)] for own in logs])  # (G, T)
    out = np.zeros(mask.shape)  # (G, T)
    out[mask] = [each for own in logs for each in own]
    return out, mask


def run(
    recipe: Recipe, logs: Sequence[Sequence[float]], rewards: Sequence[float], longest: int = LONGEST
) -> tuple[float, Array]:
    """Loss of a group without the KL term, and its gradient at every token, answers one after another: (Σ|o|,)."""
    log_ratio, mask = padded(logs)  # (G, T)
    a = np.where(mask, group_advantage(np.array(rewards), recipe.divide_by_std)[:, None], 0.0)  # (G, T)
    none = np.zeros(len(logs), dtype=bool)
    # The reference is the new policy: the KL term is 0.
    loss, grad = policy_loss(recipe, log_ratio, np.zeros_like(log_ratio), log_ratio, mask, a, longest, none)
    return loss, grad[mask]


def four_decimals(value: float) -> str:
    """A loss as the widget writes it."""
    return f"{value + 0.0:.4f}".replace("-", "−")


def height(value: float) -> float:
    """Of a bar for a log-ratio."""
    return max(-SPAN, min(SPAN, value)) / SPAN * HALF


def draw() -> str:
    """What the widget shows at its start, and a line for each of the four methods."""
    recipes = (GRPO, DR_GRPO, DAPO, GSPO)
    found = [run(recipe, LOGS, REWARDS) for recipe in recipes]
    cut = [int((grad == 0).sum()) for _, grad in found]
    size = found[0][1].size
    each = "、".join(f"{recipe.name} {count} 个" for recipe, count in zip(recipes, cut, strict=True))
    title = (
        f"四条回答 {size} 个 token 的新旧概率比，GRPO（ε = {GRPO.low}）："
        f"空心的被裁，没有梯度；绿色的越界却仍有梯度，因为它走的是不利的方向。没有梯度的：{each}"
    )
    svg = Svg(720, 2 * ROW + 88, title)
    advantages = group_advantage(np.array(REWARDS))
    start = 0
    for index, logs in enumerate(LOGS):
        x, top = 360 * (index % 2) + 8, ROW * (index // 2)
        middle = top + 30 + HALF
        mark = f"第 {index + 1} 条　奖励 {REWARDS[index]:.0f}　优势 {advantages[index]:+.0f}".replace("-", "−")
        svg.text(x, top + 20, mark, size=17, anchor="start")
        high, low = height(log(1 + GRPO.high)), height(log(1 - GRPO.low))
        svg.rect(x, middle - high, CELL * len(logs), high - low, fill=INK, opacity=0.12, stroke_opacity=0)
        for place, (value, grad) in enumerate(zip(logs, found[0][1][start : start + len(logs)], strict=True)):
            left, tall = x + CELL * place + 8, height(value)
            y, span = middle - max(tall, 0), abs(tall)
            if grad == 0:
                svg.rect(left, y, 26, span, stroke=RED, stroke_opacity=1)
            else:
                inside = low <= tall <= high
                svg.rect(left, y, 26, span, fill=ACCENT if inside else GREEN, opacity=0.9, stroke_opacity=0)
            svg.text(left + 13, middle + HALF + 18, f"{RATIOS[index][place]:.2f}", size=16)
        svg.line(x, middle, x + CELL * len(logs), middle)
        start += len(logs)
    for index, (recipe, (loss, _)) in enumerate(zip(recipes, found, strict=True)):
        text = f"{recipe.name}：没有梯度 {cut[index]} / {size}，损失 {four_decimals(loss)}"
        svg.text(360 * (index % 2) + 8, 2 * ROW + 36 + 32 * (index // 2), text, size=17, anchor="start")
    return svg.render()
