"""Voting against brute force, the front door, and the numbers of docs/reliability/badcase-handling.md."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest
from scipy.stats import binom

from labs.reliability.front_door import FrontDoor, changed, may_ship
from labs.reliability.majority_vote import after_revision, binary, limit, plurality


def brute(probabilities: list[float], n: int) -> float:
    """Answer 0 is right: enumerate every sequence of n samples."""
    total = 0.0
    for sample in product(range(len(probabilities)), repeat=n):
        counts = np.bincount(sample, minlength=len(probabilities))
        if counts[0] == counts.max():
            total += prod(probabilities[i] for i in sample) / int((counts == counts.max()).sum())
    return total


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7])
def test_against_every_sequence(n: int) -> None:
    assert binary(0.37, n) == pytest.approx(brute([0.37, 0.63], n), abs=1e-12)
    assert plurality(0.37, [0.63], n) == pytest.approx(binary(0.37, n), abs=1e-12)
    assert plurality(0.3, [0.4, 0.2, 0.1], n) == pytest.approx(brute([0.3, 0.4, 0.2, 0.1], n), abs=1e-12)


def test_binary_equals_scipy() -> None:
    for n in (1, 15, 101):
        assert binary(0.6, n) == pytest.approx(binom.sf(n // 2, n, 0.6), abs=1e-12)


def test_page_table() -> None:
    """Page: the table of probabilities by number of samples."""
    sizes = (1, 5, 15, 51, 101)
    rows = {
        "0.6": [binary(0.6, n) for n in sizes],
        "0.4": [binary(0.4, n) for n in sizes],
        "0.4, rest scattered": [plurality(0.4, [0.1] * 6, n) for n in sizes],
        "0.3, one rival 0.4": [plurality(0.3, [0.4, 0.1, 0.1, 0.1], n) for n in sizes],
    }
    assert {k: " ".join(f"{v:.3f}" for v in row) for k, row in rows.items()} == {
        "0.6": "0.600 0.683 0.787 0.926 0.979",
        "0.4": "0.400 0.317 0.213 0.074 0.021",
        "0.4, rest scattered": "0.400 0.596 0.863 0.997 1.000",
        "0.3, one rival 0.4": "0.300 0.325 0.308 0.196 0.114",
    }
    assert [limit(0.4, [0.1] * 6), limit(0.3, [0.4, 0.3]), limit(0.5, [0.5])] == [1.0, 0.0, 0.5]


def test_page_average_over_questions() -> None:
    """Page: half the questions at 0.95, half at 0.4 with one rival: the mean falls from 0.675 to 0.510 at n = 101."""
    mean = [f"{(binary(0.95, n) + binary(0.4, n)) / 2:.3f}" for n in (1, 5, 101)]
    assert mean == ["0.675", "0.658", "0.510"]
    once = 1 - 0.6**5
    assert f"{once:.2f}" == "0.92"  # pass@5 of the hard half


def test_front_door_layers() -> None:
    door = FrontDoor(lambda q: "内部代号 X" if "代号" in q else "模型：" + q, blocked={"炸药"}, forbidden={"内部代号"})
    door.fixed["营业时间"] = "九点到六点。"
    asked = ["营业 时间？", "怎么做炸药", "说个代号", "你好"]
    assert [door.answer(q) for q in asked] == ["九点到六点。", door.refusal, door.refusal, "模型：你好"]
    assert [layer for _, layer in door.log] == ["cache", "refuse", "filter", "model"]


def test_page_release_gate() -> None:
    """Page: an exact-match golden set of four; one repaired, one broken, and the broken one is on the red list."""
    golden = {"1+1": "2", "2+2": "4", "3+3": "6", "4+4": "8"}
    before = {"1+1": "2", "2+2": "5", "3+3": "6", "4+4": "9"}.__getitem__
    after = {"1+1": "2", "2+2": "4", "3+3": "7", "4+4": "9"}.__getitem__
    repaired, broken = changed(golden, before, after)
    assert (repaired, broken) == (["2+2"], ["3+3"])
    assert may_ship(broken, ["1+1"])
    assert not may_ship(broken, ["3+3"])


def test_page_revision() -> None:
    """Page: at 80 % right, 10 % spoiled needs 40 % fixed to break even; 20 % fixed loses 4 points; 95 %: 19 to 1."""
    assert after_revision(0.8, 0.4, 0.1) == pytest.approx(0.8)
    assert after_revision(0.8, 0.2, 0.1) == pytest.approx(0.76)
    assert after_revision(0.95, 0.19, 0.01) == pytest.approx(0.95)
    rng = np.random.default_rng(0)
    right = rng.random(200_000) < 0.8
    now = np.where(right, rng.random(200_000) >= 0.1, rng.random(200_000) < 0.2)
    assert now.mean() == pytest.approx(0.76, abs=0.005)
