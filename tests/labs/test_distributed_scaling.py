"""The numbers of docs/distributed/distributed-goal.md."""

from __future__ import annotations

import pytest

from labs.distributed.ring_allreduce import ring_seconds
from labs.distributed.scaling import compute_seconds, efficiency, sync_seconds, years_on_one_card
from labs.numerics.training_memory import MIXED_ADAM

FLOPS, BANDWIDTH = 400e12, 50e9


def test_seventy_billion() -> None:
    """Page: 70B on 15T tokens: 1120 GB of states, 14 cards of 80 GB, 499 years on one card, 89 days on 2048."""
    assert MIXED_ADAM.per_param() * 70e9 == pytest.approx(1120e9)
    assert 1120 / 80 == 14
    years = years_on_one_card(70e9, 15e12, FLOPS)
    assert years == pytest.approx(499, abs=0.6)
    assert years * 365 / 2048 == pytest.approx(89, abs=0.5)


def test_strong_scaling() -> None:
    """Page: the table for 7B, 4M tokens a step."""
    rows = {8: (52.5, 0.49, 0.99), 64: (6.56, 0.55, 0.92), 512: (0.82, 0.56, 0.59), 1024: (0.41, 0.56, 0.42)}
    for cards, (work, talk, share) in rows.items():
        assert compute_seconds(7e9, 4e6, cards, FLOPS) == pytest.approx(work, abs=5e-3)
        assert sync_seconds(7e9, cards, BANDWIDTH) == pytest.approx(talk, abs=5e-3)
        assert efficiency(7e9, 4e6, cards, FLOPS, BANDWIDTH) == pytest.approx(share, abs=5e-3)
    assert efficiency(7e9, 4e6, 512, FLOPS, BANDWIDTH, overlap=True) == 1
    assert efficiency(7e9, 4e6, 1024, FLOPS, BANDWIDTH, overlap=True) == pytest.approx(0.733, abs=5e-4)
    for cards, longer in ((740, True), (760, False)):  # page: they cross at seven hundred and some cards
        assert (compute_seconds(7e9, 4e6, cards, FLOPS) > sync_seconds(7e9, cards, BANDWIDTH)) is longer
    assert sync_seconds(7e9, 64, BANDWIDTH) == ring_seconds(64, 14e9, 0, BANDWIDTH)
    assert efficiency(7e9, 4e6, 1, FLOPS, BANDWIDTH) == 1


def test_weak_scaling() -> None:
    """Page: keeping 62,500 tokens a card, the share at 1024 cards stays 0.92."""
    assert 4e6 / 64 == 62_500
    assert efficiency(7e9, 62_500 * 1024, 1024, FLOPS, BANDWIDTH) == pytest.approx(0.92, abs=5e-3)
