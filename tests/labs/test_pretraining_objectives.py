"""Objectives against naive loops and PyTorch; numbers of causal-lm.md and mlm.md in docs/pretraining."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.pretraining.masked_lm import coverage, mask_tokens, nsp_pair, sop_pair
from labs.pretraining.objectives import (
    IGNORE,
    corrupt_spans,
    mean_loss,
    next_token_targets,
    random_spans,
    t5_lengths,
    visible,
)


@pytest.mark.parametrize("prefix", [0, 1, 3, 6])
def test_visible_equals_loop(prefix: int) -> None:
    got = visible(6, prefix)
    for i in range(6):
        for j in range(6):
            assert got[i, j] == (j <= i or (i < prefix and j < prefix) or j < prefix)
    if prefix == 0:
        assert np.array_equal(got, np.tri(6, dtype=bool))
    if prefix == 6:
        assert got.all()


def test_visible_pairs() -> None:
    """causal-lm page: 6 tokens, prefix 3: 21, 24 and 36 visible pairs."""
    assert [int(visible(6, p).sum()) for p in (0, 3, 6)] == [21, 24, 36]


def test_charged_positions() -> None:
    """causal-lm page: 512 tokens: 511 labels causal, 256 with a prefix of 256, about 77 for MLM."""
    ids = np.arange(512)
    assert int((next_token_targets(ids) != IGNORE).sum()) == 511
    assert int((next_token_targets(ids, 256) != IGNORE).sum()) == 256
    labels = next_token_targets(ids, 256)
    assert labels[255] == 256 and labels[254] == IGNORE  # the last prefix token predicts the first of the rest
    assert round(512 * 0.15) == 77


@pytest.mark.parametrize("prefix", [0, 3])
def test_loss_equals_torch(prefix: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    logits, ids = rng.standard_normal((8, 11)), rng.integers(0, 11, 8)
    labels = next_token_targets(ids, prefix)
    want = torch.nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
    assert mean_loss(logits, labels) == pytest.approx(float(want), abs=1e-12)


def test_mask_shares() -> None:
    """mlm page: 15 % chosen, of them 80/10/10; special tokens never."""
    rng = np.random.default_rng(0)
    ids = rng.integers(5, 30_000, 400_000)
    special = np.zeros(len(ids), dtype=np.bool_)
    special[::100] = True
    source, labels = mask_tokens(ids, 4, 30_000, special, rng)
    chosen = labels != IGNORE
    assert not chosen[special].any()
    assert chosen[~special].mean() == pytest.approx(0.15, abs=0.003)
    same, masked = source[chosen] == ids[chosen], source[chosen] == 4
    assert masked.mean() == pytest.approx(0.8, abs=0.007)
    assert same.mean() == pytest.approx(0.1, abs=0.006)
    assert (~masked & ~same).mean() == pytest.approx(0.1, abs=0.006)
    assert (source[~chosen] == ids[~chosen]).all() and (labels[chosen] == ids[chosen]).all()


def test_coverage() -> None:
    """mlm page: 40 epochs, ten frozen copies: 80 % of the positions ever a target; fresh masks: 99.85 %."""
    assert round(coverage(40, 10), 3) == 0.803
    assert round(coverage(40, 40), 4) == 0.9985
    rng = np.random.default_rng(0)
    frozen = (rng.random((10, 20_000)) < 0.15).any(axis=0).mean()
    assert frozen == pytest.approx(coverage(40, 10), abs=0.01)
    assert 40 / 10 == 4  # how often each frozen mask is seen


def test_share_of_each_kind() -> None:
    """mlm page: of all tokens 12 % become [MASK], 1.5 % a random token, 1.5 % stay and are charged."""
    assert [round(0.15 * s, 3) for s in (0.8, 0.1, 0.1)] == [0.12, 0.015, 0.015]


def test_t5_example() -> None:
    """mlm page: the example of T5's figure 2."""
    words = ["Thank", "you", "for", "inviting", "me", "to", "your", "party", "last", "week", "."]
    source, target = corrupt_spans(list(range(11)), [(2, 4), (8, 9)], 99)

    def read(ids: list[int]) -> str:
        return " ".join(words[i] if i < 11 else f"<{'XYZ'[99 - i]}>" for i in ids)

    assert read(source) == "Thank you <X> me to your party <Y> week ."
    assert read(target) == "<X> for inviting <Y> last <Z>"


def test_span_corruption_can_be_undone() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        ids = rng.integers(0, 1000, 120).tolist()
        spans = random_spans(120, 0.15, 3.0, rng)
        source, target = corrupt_spans(ids, spans, 32_099)
        hidden: dict[int, list[int]] = {}
        for token in target:
            if token >= 32_000:
                hidden[token] = []
                last = token
            else:
                hidden[last].append(token)
        restored = [t for token in source for t in (hidden[token] if token >= 32_000 else [token])]
        assert restored == ids
        assert sum(e - s for s, e in spans) == 18 and len(spans) == 6
        assert all(a[1] < b[0] for a, b in pairwise(spans))  # never adjacent


def test_t5_lengths() -> None:
    """mlm page: 568 raw tokens make 512 in and 114 out, the lengths of T5's code; 512 make 462 and 104."""
    assert t5_lengths(568) == (512, 114)
    assert t5_lengths(512) == (462, 104)


def test_sentence_pairs() -> None:
    docs = [["猫在睡觉", "它打呼噜"], ["股市下跌", "投资者离场"], ["今天下雨", "出门带伞"]]
    topic = {s: i for i, d in enumerate(docs) for s in d}
    rng = np.random.default_rng(0)
    nsp = [nsp_pair(docs, 0, 0, rng) for _ in range(400)]
    sop = [sop_pair(docs, 0, 0, rng) for _ in range(400)]
    for pairs in (nsp, sop):
        assert np.mean([ok for _, _, ok in pairs]) == pytest.approx(0.5, abs=0.08)
    assert all((topic[a] == topic[b]) == ok for a, b, ok in nsp)  # page: topic alone answers NSP
    assert all(topic[a] == topic[b] for a, b, _ in sop)  # page: and says nothing about SOP
