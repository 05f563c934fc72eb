"""The widget rope-wavelengths against labs/position/rope_scaling.py."""

from __future__ import annotations

from math import degrees, pi
from random import Random
from typing import Any

import numpy as np

from figures.playground.rope_wavelengths import LENGTH, METHODS, THETA, TRAINED
from labs.position import rope_scaling as rs
from labs.position.sinusoidal import frequencies
from tests.playground import Check

NAMES = ["none", "pi", "ntk", "dynamic", "parts", "code"]


def _draw(rng: Random) -> list[Any]:
    setting = {
        "d": rng.choice([32, 64, 80, 96, 128, 256]),
        "base": round(10 ** rng.uniform(3, 7)),
        "trained": rng.randint(512, 131_072),
        "s": rng.choice([1, rng.randint(2, 256) / 2]),
        "length": rng.randint(512, 2**20),
    }
    return [rng.choice(NAMES), setting]


def _scaled(method: str, setting: dict[str, Any]) -> dict[str, Any]:
    d, base, trained, s, length = (setting[key] for key in ("d", "base", "trained", "s", "length"))
    theta = frequencies(d, base)
    new = {
        "none": lambda: theta,
        "pi": lambda: rs.position_interpolation(theta, s),
        "ntk": lambda: rs.ntk_aware(d, base, s),
        "dynamic": lambda: rs.dynamic_ntk(d, base, length, trained),
        "parts": lambda: rs.yarn(theta, s, trained)[0],
        "code": lambda: rs.yarn_as_coded(d, base, s, trained),
    }[method]()
    unseen = rs.unseen(new, theta, trained, length)
    return {
        "theta": new.tolist(),
        "stretch": rs.stretch(new, theta, trained, length).tolist(),
        "unseen": unseen.tolist(),
    }


def _magnitude(s: float) -> float:
    return rs.yarn(THETA, s, TRAINED)[1]


CHECKS = [
    Check("scaled", _draw, _scaled),
    Check("magnitude", lambda rng: [rng.uniform(1, 128)], _magnitude),
]


def shown() -> list[str]:
    """How many pairs of Llama 2 meet new angles at 64K, by method."""
    return [f"{rs.unseen(new, THETA, TRAINED, LENGTH).sum()} 组" for new in METHODS.values()]


def page() -> list[str]:
    """What happens in the things to try, one a line; degrees a token of the fastest pair."""
    start = {"d": 128, "base": 10_000, "trained": TRAINED, "s": 16, "length": LENGTH}

    def lost(method: str, **other: float) -> int:
        return sum(_scaled(method, start | other)["unseen"])

    def farthest(method: str, **other: float) -> str:
        told = _scaled(method, start | other)
        return f"{max(times for times, new in zip(told['stretch'], told['unseen'], strict=True) if new):.4g}"

    def slow(base: float, trained: int) -> int:
        """Pairs that do not get once around in training."""
        return int((trained * frequencies(128, base) < 2 * pi).sum())

    yarn = {name: np.array(_scaled(name, start)["theta"]) for name in ("parts", "code")}
    kept = {int((new > THETA * (1 - 1e-9)).sum()) for new in yarn.values()}
    ntk, wider = lost("ntk"), lost("ntk", s=32)
    beyond = {(lost(name, length=131_072), farthest(name, length=131_072)) for name in yarn}
    assert lost("pi") == 0
    assert {lost(name) for name in yarn} == {0}
    assert len(kept) == len(beyond) == 1
    over, times = beyond.pop()
    return [
        f"从每个 token ${degrees(THETA[0]):.3g}^\\circ$",
        f"压到 ${degrees(_scaled('pi', start)['theta'][0]):.3g}^\\circ$",
        f"不足一圈的 {slow(10_000, 4096)} 组里，{ntk} 组转到没见过的角度，最远 {farthest('ntk')} 倍",
        f"最快的 {kept.pop()} 组波长不变",
        f"越界从 {ntk} 组减到 {wider} 组",
        f"YaRN 也有 {over} 组越界，最远 {times} 倍",
        f"不足一圈的组从 {slow(10_000, 4096)} 变成 {slow(500_000, 8192)}",
        f"改回 10 000 就只有 {slow(10_000, 8192)} 组",
    ]
