"""Compaction: against a plain loop, and the numbers of docs/ai-coding/context-compaction.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.ai_coding.compaction import KINDS, Note, Session, by_kind, kept, newest, session_notes

NEVER = 10**9


def test_never_compacted_grows_in_a_line() -> None:
    session = Session()
    lengths, cuts = session.lengths(50, NEVER)
    assert cuts == []
    assert (lengths == session.fixed + session.step * np.arange(1, 51)).all()


@pytest.mark.parametrize("threshold", [60_000, 100_000, 200_000])
def test_threshold_is_kept_and_period_is_as_on_the_page(threshold: int) -> None:
    session = Session()
    lengths, cuts = session.lengths(400, threshold)
    assert lengths.max() <= threshold
    period = (threshold - session.fixed - session.summary - session.recent) // session.step
    assert set(np.diff(cuts).tolist()) == {period}


def test_price_by_counting_tokens_one_by_one() -> None:
    session, threshold, turns = Session(100, 10, 5, 8), 160, 20
    total, context = 0.0, [("fixed", i) for i in range(100)]
    before: list[tuple[str, int]] = []
    for t in range(turns):
        if len(context) + 10 > threshold:
            total += 0.1 * len(before)
            context = context[:100] + [(f"rebuilt {t}", i) for i in range(13)]
        context = context + [(f"turn {t}", i) for i in range(10)]
        same = 0
        while same < len(before) and before[same] == context[same]:
            same += 1
        total += 0.1 * same + (len(context) - same)
        before = context
    assert session.price(turns, threshold) == pytest.approx(total, abs=1e-9)


def test_budget_is_kept_and_order_of_kinds() -> None:
    notes = [Note(0, "goal", 5), Note(1, "output", 50), Note(2, "decision", 5), Note(3, "output", 20)]
    assert newest(notes, 25) == [notes[3], notes[2]]
    assert by_kind(notes, 10) == [notes[0], notes[2]]
    assert kept(notes, [notes[3]])["output"] == 0.5


def test_numbers_of_the_page() -> None:
    session = Session()
    rows = {}
    for threshold in (NEVER, 200_000, 100_000):
        lengths, cuts = session.lengths(100, threshold)
        rows[threshold] = (
            len(cuts),
            int(lengths.max()),
            round(int(lengths.sum()) / 1e6, 2),
            round(session.price(100, threshold) / 1e6, 2),
        )
    assert rows == {
        NEVER: (0, 312_000, 16.35, 1.92),
        200_000: (1, 198_000, 9.59, 1.27),
        100_000: (3, 99_000, 5.75, 0.91),
    }
    notes = session_notes(60, np.random.default_rng(0))
    assert (len(notes), sum(n.size for n in notes)) == (101, 102_986)
    truncated, summed = kept(notes, newest(notes, 2000)), kept(notes, by_kind(notes, 2000))
    assert [round(truncated[k], 2) for k in KINDS] == [0.0, 0.0, 0.06, 0.0, 0.02]
    assert [summed[k] for k in KINDS] == [1.0, 1.0, 1.0, 1.0, 0.0]
    assert sum(n.size for n in by_kind(notes, 2000)) == 1700
    assert [round(0.9**m, 2) for m in (1, 3, 10)] == [0.90, 0.73, 0.35]
