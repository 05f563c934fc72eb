"""GLM's blank infilling, against brute force; numbers of docs/models/glm.md."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from labs.models.blank_infilling import Sample, blank_infill, fill, sample_spans
from labs.pretraining.objectives import IGNORE

BLANK, START, END = 900, 901, 902


def figure() -> Sample:
    """The paper's figure 2: x3 and x5 x6 are cut, the later span is written first."""
    return blank_infill(np.arange(1, 7), [(2, 3), (4, 6)], [1, 0], BLANK, START, END)


def test_the_table_of_the_page() -> None:
    s = figure()
    assert s.tokens.tolist() == [1, 2, BLANK, 4, BLANK, START, 5, 6, START, 3]
    assert (s.outer + 1).tolist() == [1, 2, 3, 4, 5, 5, 5, 5, 3, 3]
    assert s.inner.tolist() == [0, 0, 0, 0, 0, 1, 2, 3, 1, 2]
    assert s.targets.tolist() == [IGNORE] * 5 + [5, 6, END, 3, END]


@pytest.mark.parametrize("seed", range(20))
def test_any_order_restores_the_text_from_the_two_positions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = rng.permutation(80)
    spans = sample_spans(80, rng)
    order = rng.permutation(len(spans)).tolist()
    assert fill(blank_infill(text, spans, order, BLANK, START, END)) == text.tolist()


def test_mask_is_who_sees_whom_spelled_out() -> None:
    s = figure()
    mask, n = s.mask(), len(s.tokens)
    for i in range(n):
        for j in range(n):
            in_a = j < s.prefix
            assert mask[i, j] == (in_a or (i >= s.prefix and j <= i)), (i, j)


def test_part_a_does_not_depend_on_part_b() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    s = figure()
    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.standard_normal((len(s.tokens), 8)))
    changed = x.clone()
    changed[s.prefix :] += 1.0
    mask = torch.from_numpy(s.mask())
    attend = torch.nn.functional.scaled_dot_product_attention
    before, after = (attend(v[None], v[None], v[None], attn_mask=mask)[0] for v in (x, changed))
    assert torch.equal(before[: s.prefix], after[: s.prefix])
    assert not torch.allclose(before[s.prefix :], after[s.prefix :])


def test_positions_after_a_blank_hide_its_length() -> None:
    text = np.arange(20)
    short = blank_infill(text, [(3, 4)], [0], BLANK, START, END)
    long = blank_infill(text, [(3, 12)], [0], BLANK, START, END)
    assert short.outer[4] == long.outer[4] == 4  # the first token behind the blank
    assert short.tokens[4] == 4
    assert long.tokens[4] == 12


def test_spans_hide_enough_and_stay_apart() -> None:
    rng = np.random.default_rng(0)
    draws = [sample_spans(512, rng) for _ in range(400)]
    for spans in draws:
        assert sum(b - a for a, b in spans) >= 0.15 * 512
        assert spans[0][0] >= 0
        assert spans[-1][1] <= 512
        assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))
    assert round(float(np.mean([len(s) for s in draws]))) == 25
    assert round(float(np.mean([512 + 2 * len(s) for s in draws]))) == 562


def test_input_grows_by_two_tokens_a_span() -> None:
    rng = np.random.default_rng(1)
    spans = sample_spans(512, rng)
    s = blank_infill(np.arange(512), spans, list(range(len(spans))), BLANK, START, END)
    assert len(s.tokens) == 512 + 2 * len(spans)


def test_mean_length_without_empty_spans() -> None:
    stats = pytest.importorskip("scipy.stats")
    ks = np.arange(1, 60)
    p = stats.poisson.pmf(ks, 3)
    assert round(float((ks * p).sum() / p.sum()), 2) == 3.16
    assert round(3 / (1 - np.exp(-3)), 2) == 3.16
