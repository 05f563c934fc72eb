"""Prefix cache of an agent run: against os.path.commonprefix; the table of kv-cache-hit-rate.md."""

from __future__ import annotations

from os.path import commonprefix

import numpy as np
import pytest

from labs.agents.prefix_cache import LAYOUTS, Work, common_prefix, hit_rate, hits, input_cost, prompts_of

WORK = Work()


def test_common_prefix_is_that_of_the_standard_library() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        a, b = rng.integers(0, 2, rng.integers(0, 12)), rng.integers(0, 2, rng.integers(0, 12))
        assert common_prefix(a, b) == len(commonprefix([a.tolist(), b.tolist()]))  # noqa: RUF071 (tokens, not paths)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hits_are_the_longest_agreement_with_any_earlier_request(layout: str) -> None:
    prompts, outputs = prompts_of(Work(steps=12, head=40, tool=4, action=3, observation=5), layout)
    for i, found in enumerate(hits(prompts, outputs)):
        old = [p.tolist() + o.tolist() for p, o in zip(prompts[:i], outputs[:i], strict=True)]
        assert found == max((len(commonprefix([prompts[i].tolist(), o])) for o in old), default=0)  # noqa: RUF071 (tokens, not paths)


TABLE = {  # layout → input tokens, share of hits, dollars
    "append": (590_000, 0.972, 0.222),
    "clock first": (590_050, 0.0, 1.770),
    "clock last": (590_050, 0.963, 0.236),
    "shuffled tools": (590_000, 0.006, 1.761),
    "tools retrieved": (540_000, 0.022, 1.587),
    "tool toggled": (587_500, 0.938, 0.274),
    "window": (278_000, 0.421, 0.518),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_table_of_the_page(layout: str) -> None:
    prompts, outputs = prompts_of(WORK, layout)
    found = hits(prompts, outputs)
    total, share, dollars = TABLE[layout]
    assert sum(map(len, prompts)) == total
    assert round(sum(found) / total, 3) == share == round(hit_rate(WORK, layout), 3)
    assert abs(input_cost(prompts, found, 3, 0.1) - dollars) < 6e-4


def test_sentences_of_the_page() -> None:
    cost = {}
    for layout in ("append", "clock first", "window"):
        prompts, outputs = prompts_of(WORK, layout)
        found = hits(prompts, outputs)
        cost[layout] = input_cost(prompts, found, 3, 0.1)
        if layout == "append":
            assert sum(map(len, outputs)) == 5000 and sum(map(len, prompts)) / 5000 == 118
            assert round(input_cost(prompts, found, 3, 0.1, 1.25), 3) == 0.235
        if layout == "clock first":
            assert round(input_cost(prompts, found, 3, 0.1, 1.25), 3) == 2.213
    assert round(cost["clock first"] / cost["append"], 1) == 8.0
    assert round(cost["window"] / cost["append"], 1) == 2.3
