"""Five all-reduces, message by message, against NumPy's sum and the older labs; their costs against counting."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from labs.distributed.all_reduce_moves import KINDS, cost, halving, replay, ring
from labs.distributed.ring_allreduce import (
    halving_doubling,
    halving_seconds,
    ring_all_reduce,
    ring_seconds,
    server_seconds,
)

CASES = [(kind, n) for kind in KINDS for n in range(2, 18) if kind != "halving" or n & (n - 1) == 0]


@pytest.mark.parametrize(("kind", "n"), CASES)
def test_everybody_ends_with_the_sum(kind: str, n: int) -> None:
    x = np.random.default_rng(n).standard_normal((n, n, 3))
    np.testing.assert_allclose(replay(x, KINDS[kind](n))[-1], np.broadcast_to(x.sum(axis=0), x.shape), atol=1e-12)


@pytest.mark.parametrize(("kind", "n"), CASES)
def test_the_cost_is_that_of_the_messages(kind: str, n: int) -> None:
    moves = KINDS[kind](n)
    sent, received, slowest = np.zeros(n), np.zeros(n), list[float]()
    for _, step in groupby(moves, key=lambda m: m.step):
        out, into = np.zeros(n), np.zeros(n)
        for m in step:
            out[m.src] += m.hi - m.lo
            into[m.dst] += m.hi - m.lo
        sent, received = sent + out, received + into
        slowest.append(max(out.max(), into.max()))
    found = cost(kind, n, n * 1000.0, 0.5, 2.0)
    assert found.steps == len(slowest) == moves[-1].step + 1
    assert found.sent == pytest.approx(1000 * sent.max())
    assert found.received == pytest.approx(1000 * received.max())
    assert found.total == pytest.approx(1000 * sent.sum())
    assert found.seconds == pytest.approx(sum(0.5 + 1000 * chunks / 2 for chunks in slowest))


def test_the_older_labs_agree() -> None:
    x = np.random.default_rng(0).standard_normal((8, 8, 1))
    for one, other in zip(replay(x, ring(8)), ring_all_reduce(x)[1], strict=True):
        assert np.array_equal(one, other)
    _, sent = halving_doubling(x[:, :, 0])
    assert [m.hi - m.lo for m in halving(8) if m.src == 0] == sent
    given = (14e9, 10e-6, 50e9)
    assert cost("ring", 64, *given).seconds == pytest.approx(ring_seconds(64, *given))
    assert cost("halving", 64, *given).seconds == pytest.approx(halving_seconds(64, *given))
    # The server that is one of the cards has one vector fewer to receive and to send.
    assert cost("server", 65, *given).seconds == pytest.approx(server_seconds(64, *given))
