"""Four tokens as four steps of a decision process, with the reward that each one earns."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.token_mdp import returns, token_rewards

LOG_RATIO = np.array([0.10, -0.05, 0.40, 0.15])
BETA, SCORE = 0.1, 1.2


def draw() -> str:
    """States grow by a token; bars of reward below, one of them tall."""
    svg = Svg(720, 360, "提示与四个 token 组成的五个状态；前三步的奖励只有很小的 KL 项，最后一步加上奖励模型的 1.2 分")
    states = ["提示", "+1", "+2", "+3", "完成"]
    rewards = token_rewards(LOG_RATIO, SCORE, BETA)
    total = returns(rewards)
    xs = [64.0 + 142 * k for k in range(5)]
    for x, state in zip(xs, states, strict=True):
        svg.rect(x - 38, 40, 76, 44, rx=8, fill=ACCENT, opacity=0.15)
        svg.text(x, 68, state, size=17)
    base = 250.0
    svg.text(8, 130, "奖励", size=16, anchor="start")
    svg.text(8, 320, "回报", size=16, anchor="start")
    for k in range(4):
        svg.line(xs[k] + 40, 62, xs[k + 1] - 40, 62, arrow=True)
        x = (xs[k] + xs[k + 1]) / 2
        svg.text(x, 48, f"a{'₁₂₃₄'[k]}", size=16)
        h = 95 * float(rewards[k])
        color = ACCENT2 if k == 3 else ACCENT
        svg.rect(x - 22, min(base, base - h), 44, max(abs(h), 1.5), fill=color, opacity=0.8, stroke_opacity=0)
        svg.text(x, base - max(h, 0) - 10, f"{rewards[k]:.3f}".replace("-", "−"), size=15)
        svg.text(x, 320, f"{total[k]:.3f}", size=15)
    svg.line(90, base, 680, base, opacity=0.5)
    svg.text((xs[0] + xs[3]) / 2, 345, "前三步：只有 KL 项", size=15)
    svg.text((xs[3] + xs[4]) / 2, 345, "KL 项 + RM 分", size=15)
    return svg.render()
