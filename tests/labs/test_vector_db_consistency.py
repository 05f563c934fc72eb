"""Quorums and timestamps by counting, and the numbers of docs/vector-db/vectordb-distributed-cap.md."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from labs.vector_db.guarantee import Node, guarantee, measure
from labs.vector_db.quorum import Cluster, during_partition, stale_chance, stale_rate

SETTINGS = [(3, 1, 1), (3, 2, 1), (3, 2, 2), (5, 2, 2), (5, 3, 3)]


@pytest.mark.parametrize(("n", "w", "r"), [*SETTINGS, (4, 1, 2), (7, 4, 4)])
def test_chance_of_a_stale_read_by_enumeration(n: int, w: int, r: int) -> None:
    reads = list(combinations(range(n), r))
    missed = sum(not set(read) & set(range(w)) for read in reads)
    assert stale_chance(n, w, r) == pytest.approx(missed / len(reads), abs=1e-12)
    assert (stale_chance(n, w, r) == 0) == (r + w > n)


def test_simulation() -> None:
    """Page: the table of quorums."""
    assert [round(stale_chance(*s), 3) for s in SETTINGS] == [0.667, 0.333, 0.0, 0.3, 0.0]
    assert [round(stale_rate(*s, 4000), 2) for s in SETTINGS] == [0.67, 0.33, 0.0, 0.29, 0.0]
    assert [(n - w, n - r) for n, w, r in SETTINGS] == [(2, 2), (1, 2), (1, 1), (3, 3), (2, 2)]


def test_partition() -> None:
    """Page: strict quorums refuse on the small side, loose ones answer on both and disagree."""
    assert [answer for _, answer in during_partition(2, 2)] == [False, True, None, 2]
    assert [answer for _, answer in during_partition(1, 1)] == [True, True, 1, 2]
    cluster = Cluster(3, 1, 1)
    cluster.sides = [0, 1, 1]
    cluster.write(2, side=1)
    assert {cluster.read(side=1) for _ in range(50)} == {0, 2}  # the other replica of the large side


def test_a_failed_write_can_be_read_and_then_not() -> None:
    """Page: W = R = 2 of 3 is not linearizable: 200 reads see both versions, and time runs backwards."""
    cluster = Cluster(3, 2, 2)
    assert not cluster.write(1, crash_after=1)
    reads = [cluster.read() for _ in range(200)]
    assert set(reads) == {0, 1}
    assert any((a, b) == (1, 0) for a, b in pairwise(reads))


def test_a_finished_write_is_always_read() -> None:
    cluster = Cluster(5, 3, 3)
    for version in range(1, 200):
        assert cluster.write(version)
        assert cluster.read() == version


def test_waiting_until_the_service_time_is_enough() -> None:
    """`ready` is the first moment at which the service time reaches the guarantee, found by small steps."""
    node = Node(tick=0.2, lag=0.5)
    for now, wanted in [(3.0, 3.0), (3.05, 2.0), (7.31, 7.25), (4.0, -1.0)]:
        ready = node.ready(now, wanted)
        assert node.service_time(ready) >= wanted - 1e-9
        before = np.arange(now, ready - 1e-6, 0.01)
        assert all(node.service_time(t) < wanted for t in before)


def test_levels() -> None:
    """Page: the table of waits and misses, with a lag of half a second and of eight."""
    rng = np.random.default_rng(0)
    writes = np.sort(rng.uniform(0, 200, 2000))
    own = writes[::20]
    queries = own[own > 20] + 0.1
    levels = ("strong", "bounded", "session", "eventually")
    short, long = ([measure(v, Node(lag=lag), writes, own, queries) for v in levels] for lag in (0.5, 8.0))
    assert [round(w, 2) for w, _, _ in short] == [0.6, 0.0, 0.51, 0.0]
    assert [round(m, 1) for _, m, _ in short] == [0.0, 6.8, 0.2, 6.8]
    assert [share for _, _, share in short] == [0, 1, 0, 1]
    assert [round(w, 2) for w, _, _ in long] == [8.1, 3.1, 8.01, 0.0]
    assert [round(m, 1) for _, m, _ in long] == [0.0, 49.7, 0.2, 81.3]
    assert guarantee("bounded", 10, 3, staleness=4) == 6
