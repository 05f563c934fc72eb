"""Gates, noise, groups: docs/moe/aux-loss-free-balancing.md, moe-load-imbalance.md, group-limited-routing.md."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.moe.all_to_all import all_to_alls, dispatch_and_combine
from labs.moe.gating import affinity, gate
from labs.moe.group_limited import expected_nodes, group_limited, kept_score, nodes_reached
from labs.moe.layer import top_k
from labs.moe.noisy import coin_for_second, gumbel_second, noisy_logits
from labs.moe.timeline import in_a_row, makespan, plain, schedule, shared_overlap, shortcut


def test_group_limited_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    s, bias = rng.random((30, 32)), 0.1 * rng.standard_normal(32)
    t = torch.from_numpy(s + bias).reshape(30, 8, 4)
    groups = t.topk(2, -1).values.sum(-1).topk(4, -1).indices
    closed = torch.ones(30, 8, dtype=torch.bool).scatter_(1, groups, False)
    ids = t.masked_fill(closed[..., None], float("-inf")).flatten(1).topk(6, -1).indices
    w = torch.from_numpy(s).gather(1, ids)
    got_ids, got_w = group_limited(s, bias, 8, 4, 6)
    np.testing.assert_array_equal(got_ids, ids.numpy())
    np.testing.assert_allclose(got_w, (w / w.sum(-1, keepdim=True)).numpy(), atol=1e-12)


def test_nodes_reached() -> None:
    """Page group-limited-routing: random scores, 256 experts on 8 nodes, k = 8."""
    scores = np.random.default_rng(0).random((4096, 256))
    free = top_k(scores, 8)
    assert nodes_reached(np.array([[0, 1, 32, 255]]), 256, 8).tolist() == [3]
    reached = nodes_reached(free, 256, 8)
    assert round(expected_nodes(256, 8, 8), 2) == 5.29
    assert reached.mean() == pytest.approx(expected_nodes(256, 8, 8), abs=0.05)
    assert (round(100 * (reached > 4).mean()), reached.max()) == (83, 8)
    ids, _ = group_limited(scores, np.zeros(256), 8, 4, 8)
    limited = nodes_reached(ids, 256, 8)
    assert (limited.max(), round(limited.mean(), 2), round(100 * (limited == 4).mean())) == (4, 3.96, 96)
    assert round(100 * kept_score(scores, ids), 1) == 99.7
    per_group = (ids[..., None] // 32 == np.arange(8)).sum(axis=1)  # (T, G)
    assert round(100 * ((per_group == 2).sum(axis=1) == 4).mean()) == 19  # "two of each group" is the exception
    assert per_group.max() == 6


def test_traffic_of_v3() -> None:
    """Page: KB per token and layer, for 4 nodes, for an unrestricted choice, for one copy per expert."""
    kb = [dispatch_and_combine(7168, c) / 1e3 for c in (4, expected_nodes(256, 8, 8), 8)]
    assert [round(v) for v in kb] == [86, 114, 172]
    assert round(58 * kb[0] / 1e3, 1) == 5.0  # MB per token, all MoE layers, forward
    assert (all_to_alls(58, training=False), all_to_alls(58, training=True)) == (116, 232)
    assert 160 / 50 == 3.2
    assert int(4 * 3.2 + 0.5) == 13


def test_timelines() -> None:
    """Pages group-limited-routing and zero-computation-experts: units of the two comparisons."""
    assert (makespan(plain()), makespan(shared_overlap())) == (10, 8)
    assert (makespan(in_a_row()), makespan(shortcut())) == (14, 10)
    for order in (plain, shared_overlap, in_a_row, shortcut):
        tasks, done = order(), schedule(order())
        for t in tasks:
            assert all(done[name][1] <= done[t.name][0] for name in t.after)
        for lane in ("compute", "network"):
            spans = sorted(done[t.name] for t in tasks if t.lane == lane)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert sum(t.time for t in in_a_row()) == sum(t.time for t in shortcut()) == 14
    assert makespan(shortcut(c=6)) == 2 + 6 + 2 + 6  # slower network: what does not fit shows again


def test_gates() -> None:
    """Page aux-loss-free-balancing: logits 3, 2, 1, 0."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = np.array([[3.0, 2, 1, 0]])
    np.testing.assert_allclose(affinity(logits, "sigmoid"), torch.sigmoid(torch.from_numpy(logits)).numpy())
    soft, sigm = (affinity(logits, kind)[0].round(2).tolist() for kind in ("softmax", "sigmoid"))
    assert (soft, sigm) == ([0.64, 0.24, 0.09, 0.03], [0.95, 0.88, 0.73, 0.5])
    raised = np.array([[5.0, 2, 1, 0]])
    assert affinity(raised, "softmax")[0].round(2).tolist() == [0.93, 0.05, 0.02, 0.01]
    assert affinity(raised, "sigmoid")[0].round(2).tolist() == [0.99, 0.88, 0.73, 0.5]
    assert [gate(logits, 2, kind)[1][0].round(2).tolist() for kind in ("softmax", "sigmoid")] == [
        [0.73, 0.27],
        [0.52, 0.48],
    ]
    np.testing.assert_allclose(gate(logits, 2, "softmax")[1], gate(logits + 2, 2, "softmax")[1])
    assert gate(logits + 2, 2, "sigmoid")[1][0, 0] < 0.505  # sigmoid gates do see a common shift
    assert gate(logits, 2, "softmax", normalize=False)[1].sum() == pytest.approx(0.88, abs=0.005)
    assert gate(logits, 2, "sigmoid", scale=2.5)[1].sum() == pytest.approx(2.5)


def test_gumbel_second_samples_from_the_rest() -> None:
    """Page moe-load-imbalance: after masking the first, Gumbel noise samples the second in proportion."""
    logits = np.tile([2.0, 1.0, 0.0, -1.0], (200_000, 1))
    ids = gumbel_second(logits, np.random.default_rng(0))
    assert (ids[:, 0] == 0).all()
    share = np.bincount(ids[:, 1], minlength=4) / len(ids)
    np.testing.assert_allclose(share[1:], softmax(np.array([1.0, 0, -1])), atol=5e-3)
    assert [round(100 * v, 1) for v in softmax(np.array([1.0, 0, -1]))] == [66.5, 24.5, 9.0]


def test_coin_for_the_second_expert() -> None:
    """Page: with logits 2 and 1 the second expert has weight 0.27 and is used for 54% of the tokens."""
    ids, used = coin_for_second(np.tile([2.0, 1.0, 0.0, -1.0], (200_000, 1)), np.random.default_rng(0))
    assert (ids == [0, 1]).all()
    g2 = 1 / (1 + np.e)
    assert (round(g2, 2), round(100 * 2 * g2)) == (0.27, 54)
    assert used.mean() == pytest.approx(2 * g2, abs=5e-3)


def test_learned_noise_has_softplus_scale() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, w_g, w_n = np.ones((100_000, 1)), np.array([[1.0, -1.0]]), np.array([[0.5, -2.0]])
    noisy = noisy_logits(x, w_g, w_n, rng)
    np.testing.assert_allclose(noisy.mean(axis=0), [1, -1], atol=0.02)
    want = torch.nn.functional.softplus(torch.tensor([0.5, -2.0])).numpy()
    np.testing.assert_allclose(noisy.std(axis=0), want, rtol=0.02)
