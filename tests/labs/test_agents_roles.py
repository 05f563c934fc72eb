"""Graphs of roles: reachability against scipy, tokens against a replay; the numbers of agent-construction.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.roles import affected, pipeline_right, tokens_read, topology

graph = pytest.importorskip("scipy.sparse.csgraph", reason="needs scipy==1.17.1")


@pytest.mark.parametrize(("kind", "lines", "tokens"), [("chain", 4, 32_000), ("star", 8, 44_000), ("mesh", 20, 80_000)])
def test_table_of_the_page(kind: str, lines: int, tokens: int) -> None:
    reads = topology(kind, 5)
    assert reads.sum() == lines and tokens_read(reads, 4, 500, 1000) == tokens
    total, said = 0, [0] * 5  # messages each agent has written so far
    for _ in range(4):
        for i in range(5):
            total += 1000 + sum(500 * said[j] for j in range(5) if reads[i, j])
        said = [s + 1 for s in said]
    assert total == tokens


def test_affected_is_reachability() -> None:
    rng = np.random.default_rng(9)
    for _ in range(20):
        reads = rng.random((6, 6)) < 0.25
        np.fill_diagonal(reads, False)
        for j in range(6):
            order = graph.breadth_first_order(reads.T.astype(float), j, return_predecessors=False)
            assert affected(reads, j) == sorted(int(i) for i in order if i != j)


def test_whom_a_change_reaches() -> None:
    assert affected(topology("chain", 5), 0) == [1, 2, 3, 4] and affected(topology("chain", 5), 4) == []
    for kind in ("star", "mesh"):
        assert all(len(affected(topology(kind, 5), j)) == 4 for j in range(5))


def test_errors_along_a_chain() -> None:
    assert [round(pipeline_right(0.9, 4, r), 3) for r in (0, 0.5, 0.9)] == [0.656, 0.815, 0.961]
    rng = np.random.default_rng(10)
    right = rng.random((50_000, 4)) < 0.9
    mended = rng.random((50_000, 4)) < 0.5
    assert abs((right | mended).all(1).mean() - pipeline_right(0.9, 4, 0.5)) < 0.01
