"""Heat of a topic and the flow between the levels: the story of memoryos.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.heat import Memory, Segment, story

stats = pytest.importorskip("scipy.stats", reason="needs scipy==1.17.1")


def test_recency_is_the_survival_of_an_exponential() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        visits, length, gap = int(rng.integers(9)), int(rng.integers(9)), float(rng.uniform(0, 200))
        segment = Segment("x", [], visits, length, 10.0)
        assert np.isclose(segment.heat(10 + gap), visits + length + stats.expon(scale=24).sf(gap))


def test_story_of_the_page() -> None:
    memory = story(Memory())
    assert memory.long == ["跑步"] and memory.dropped == ["天气", "跑步"]
    assert {t: round(s.heat(13.0), 2) for t, s in memory.mid.items()} == {"房贷": 3.96, "电影": 2.92, "天气": 2.00}
    assert [topic for topic, _ in memory.short] == ["旅行"] * 3


def test_the_visit_that_promotes_and_the_heat_at_eviction() -> None:
    assert Segment("跑步", [], 0, 3, 6.0).heat(6.0) == 4.0
    assert Segment("跑步", [], 1, 3, 7.0).heat(7.0) == 5.0
    assert round(Segment("跑步", [], 1, 1, 9.0).heat(13.0), 2) == 2.85


def test_time_weighs_at_most_one_visit() -> None:
    assert Segment("x", [], 3, 2, 0.0).heat(24.0 * 365) >= 5.0


def test_no_page_is_lost_before_eviction() -> None:
    memory = Memory(short_size=2, mid_size=99, threshold=99)
    for i in range(20):
        memory.say(f"t{i % 4}", f"p{i}", float(i))
    kept = sorted(p for s in memory.mid.values() for p in s.pages) + sorted(p for _, p in memory.short)
    assert sorted(kept) == sorted(f"p{i}" for i in range(20)) and not memory.dropped
