"""Winners by listing pairs, and the numbers of docs/alignment/ppo-vs-dpo.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from labs.alignment.dpo import closed_form
from labs.alignment.learn_from_pairs import frontier_reward, reward_and_kl, rounds, winners

REF, REWARD = np.array([0.6, 0.3, 0.09, 0.01]), np.array([0.0, 1.0, 2.0, 4.0])


def test_winners_by_listing_pairs() -> None:
    want = np.zeros(4)
    for a in range(4):
        for b in range(4):
            p = REF[a] * REF[b] * expit(REWARD[a] - REWARD[b])
            want[a] += p
            want[b] += REF[a] * REF[b] - p
    np.testing.assert_allclose(winners(REF, REWARD), want, atol=1e-14)


def test_never_more_than_twice() -> None:
    """Page: SFT on the chosen responses at most doubles a probability, however good the response."""
    assert (winners(REF, 100 * REWARD) <= 2 * REF).all()
    assert winners(REF, 100 * REWARD)[-1] == pytest.approx(2 * 0.01, abs=2e-4)


def test_table() -> None:
    """Page: best response, reward and KL after SFT on winners, five rounds of it, and RL at β = 1 and 0.5."""
    path = rounds(REF, REWARD, 5)
    assert path[1].round(3).tolist() == [0.47, 0.368, 0.143, 0.019]
    assert [round(x, 2) for x in reward_and_kl(path[0], REF, REWARD)] == [0.52, 0.0]
    assert [round(x, 2) for x in reward_and_kl(path[1], REF, REWARD)] == [0.73, 0.04]
    assert [round(x, 2) for x in reward_and_kl(path[5], REF, REWARD)] == [2.06, 1.28]
    assert path[5][-1].round(2) == 0.21
    for beta, best, both in [(1.0, 0.21, [1.65, 0.68]), (0.5, 0.79, [3.5, 3.37])]:
        pi = closed_form(REF, REWARD, beta)[0]
        assert pi[-1].round(2) == best
        assert [round(x, 2) for x in reward_and_kl(pi, REF, REWARD)] == both


def test_closed_form_is_the_frontier() -> None:
    """Page: at the KL of each round, the closed form earns more."""
    for pi in rounds(REF, REWARD, 5)[1:]:
        reward, budget = reward_and_kl(pi, REF, REWARD)
        assert frontier_reward(REF, REWARD, budget) > reward
