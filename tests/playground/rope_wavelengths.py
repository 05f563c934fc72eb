"""The widget rope-wavelengths against labs/position/rope_scaling.py."""

from __future__ import annotations

from random import Random
from typing import Any

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
