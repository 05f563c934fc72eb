"""The widget all-reduce-steps against labs/distributed/all_reduce_moves.py."""

from __future__ import annotations

from dataclasses import asdict
from random import Random
from typing import Any

import numpy as np

from figures.playground.all_reduce_steps import NAMES, seconds, time
from labs.distributed.all_reduce_moves import KINDS, cost, replay
from tests.playground import Check


def _kind(rng: Random, most: int) -> list[Any]:
    kind = rng.choice(list(KINDS))
    powers = [2**k for k in range(1, most.bit_length())]
    return [kind, rng.choice(powers) if kind == "halving" else rng.randint(2, most)]


def _moves(kind: str, n: int) -> list[dict[str, Any]]:
    return [asdict(move) for move in KINDS[kind](n)]


def _states(kind: str, n: int) -> list[list[list[int]]]:
    start = np.repeat(np.arange(1.0, n + 1)[:, None, None], n, axis=1)  # (N, N, 1)
    return [state[:, :, 0].astype(int).tolist() for state in replay(start, KINDS[kind](n))]


def _cost(*given: Any) -> dict[str, Any]:
    return asdict(cost(*given))


CHECKS = [
    Check("moves", lambda rng: _kind(rng, 16), _moves),
    Check("states", lambda rng: _kind(rng, 16), _states),
    Check(
        "cost",
        lambda rng: [*_kind(rng, 1024), 10 ** rng.uniform(3, 12), rng.uniform(0, 1e-3), 10 ** rng.uniform(8, 12)],
        _cost,
    ),
]


def shown() -> list[str]:
    """Seconds of the five ways at the start."""
    return [time(seconds(kind)) for kind in NAMES]


def page() -> list[str]:
    """What happens in the things to try."""
    asked = [
        *(("chain", 4, 14e9), ("ring", 4, 14e9)),
        *(("ring", 1024, 14e9), ("tree", 1024, 14e9), ("ring", 1024, 64e3), ("tree", 1024, 64e3)),
        *(("halving", 1024, 64e3), ("server", 8, 14e9), ("server", 8, 64e3)),
    ]
    assert min(KINDS, key=lambda kind: cost(kind, 8, 64e3, 10e-6, 50e9).seconds) == "server"
    return [time(cost(kind, n, size, 10e-6, 50e9).seconds) for kind, n, size in asked]
