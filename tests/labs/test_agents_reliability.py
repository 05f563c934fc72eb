"""Success over steps: against scipy and a simulation; the tables of agent-challenges.md and workflow-vs-agent.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.reliability import all_pass, any_pass, calls, chain, checked, flow_then_agent, worth

stats = pytest.importorskip("scipy.stats", reason="needs scipy==1.17.1")


def test_closed_forms_are_the_binomials() -> None:
    rates = np.random.default_rng(4).random(6)
    for k in (1, 3, 8):
        assert np.isclose(chain(rates[0], k), stats.binom(k, rates[0]).pmf(k))
        assert np.isclose(all_pass(rates, k), stats.binom(k, rates).pmf(k).mean())
        assert np.isclose(any_pass(rates, k), stats.binom(k, rates).sf(0).mean())


@pytest.mark.parametrize(("p", "detect", "retries"), [(0.6, 0.5, 2), (0.8, 1.0, 3), (0.5, 0.0, 4)])
def test_checked_steps_are_those_of_a_simulation(p: float, detect: float, retries: int) -> None:
    rng = np.random.default_rng(5)
    n, right, tries = 40_000, 0, 0
    for _ in range(n):
        for _attempt in range(retries + 1):
            tries += 1
            if rng.random() < p:
                right += 1
                break
            if rng.random() >= detect:
                break
    assert abs(checked(p, detect, retries) - right / n) < 0.01
    assert abs(calls(p, detect, retries) - tries / n) < 0.02


def test_tables_of_agent_challenges() -> None:
    rows = {
        0.9: [0.590, 0.349, 0.122, 0.005],
        0.95: [0.774, 0.599, 0.358, 0.077],
        0.99: [0.951, 0.904, 0.818, 0.605],
        0.999: [0.995, 0.990, 0.980, 0.951],
    }
    for p, row in rows.items():
        assert [round(chain(p, n), 3) for n in (5, 10, 20, 50)] == row
    assert [round(checked(0.95, d, 1) ** 50, 3) for d in (0, 0.5, 0.9, 1)] == [0.077, 0.264, 0.695, 0.882]
    assert all(calls(0.95, d, 1) - 1 < 0.0501 for d in (0, 0.5, 0.9, 1))
    rates = np.array([1.0] * 5 + [0.9] * 2 + [0.5] * 2 + [0.1])
    assert [round(all_pass(rates, k), 3) for k in (1, 4, 8)] == [0.790, 0.644, 0.587]
    assert [round(any_pass(rates, k), 3) for k in (1, 4, 8)] == [0.790, 0.922, 0.956]
    assert round(0.79**8, 3) == 0.152


def test_table_of_workflow_vs_agent() -> None:
    flow, agent = chain(0.99, 3), chain(0.95, 10)
    assert (round(flow, 3), round(agent, 3)) == (0.970, 0.599)
    rows = {0.6: (0.582, 0.822, False), 0.8: (0.776, 0.896, True), 0.95: (0.922, 0.952, True)}
    for c, (alone, both, better) in rows.items():
        assert (round(c * flow, 3), round(flow_then_agent(c, flow, agent), 3)) == (alone, both)
        assert worth(c, flow, agent) == better
