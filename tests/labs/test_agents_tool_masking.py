"""Masking tools: against PyTorch's masked_fill and softmax; the numbers of kv-cache-hit-rate.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.tool_masking import GROUP_LOGITS, conditional, decode, masked, names

torch = pytest.importorskip("torch", reason="needs torch==2.13.0")


def test_masked_softmax_is_torchs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        logits, allowed = rng.standard_normal(9), rng.random(9) < 0.5
        allowed[rng.integers(9)] = True
        theirs = torch.softmax(torch.from_numpy(logits).masked_fill(~torch.from_numpy(allowed), -torch.inf), -1)
        np.testing.assert_allclose(masked(logits, allowed), theirs.numpy(), atol=1e-12)
        assert (masked(logits, allowed)[~allowed] == 0).all()


def test_odds_among_the_allowed_stay() -> None:
    p = masked(GROUP_LOGITS, np.array([True, False, True]))
    np.testing.assert_allclose(p[0] / p[2], 0.6 / 0.1)


def test_numbers_of_the_page() -> None:
    free = decode(set(names()))
    assert np.isclose(sum(free.values()), 1)
    two = {"browser_click", "shell_exec"}
    assert [round(free[t], 2) for t in sorted(two)] == [0.18, 0.27]
    assert [round(conditional(two)[t], 2) for t in sorted(two)] == [0.40, 0.60]
    assert [round(decode(two)[t], 2) for t in sorted(two)] == [0.67, 0.33]


def test_a_whole_group_by_prefill_is_exact() -> None:
    group = {name for name in names() if name.startswith("browser_")}
    ours, exact = decode(group, prefill="browser_"), conditional(group)
    np.testing.assert_allclose([ours[t] for t in names()], [exact[t] for t in names()], atol=1e-12)
    assert [round(ours[t], 10) for t in names()[:3]] == [0.5, 0.3, 0.2]
