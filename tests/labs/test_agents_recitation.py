"""Distance of the goal: against a context written out token by token; the table of kv-cache-hit-rate.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.recitation import distances, share


@pytest.mark.parametrize("every", [0, 1, 3, 5, 10])
def test_distances_are_those_of_a_written_out_context(every: int) -> None:
    steps, step, head, todo = 17, 7, 11, 3
    context, seen = "." * (head - 1) + "G", []
    for i in range(steps):
        if every and i and i % every == 0:
            context += "t" * (todo - 1) + "G"
        seen.append(len(context) - 1 - context.rindex("G"))
        context += "." * step
    np.testing.assert_array_equal(distances(steps, step, head, todo, every), seen)
    goals = context.count("G") * todo
    assert np.isclose(share(steps, step, head, todo, every), goals / len(context))


@pytest.mark.parametrize(
    ("every", "most", "mean", "percent"),
    [(0, 19_600, 9_800, 0.3), (10, 3_600, 1_800, 1.3), (5, 1_600, 800, 2.7), (1, 0, 0, 12.0)],
)
def test_table_of_the_page(every: int, most: int, mean: int, percent: float) -> None:
    d = distances(50, 400, 2000, 60, every)
    assert (d.max(), d.mean()) == (most, mean)
    assert round(100 * share(50, 400, 2000, 60, every), 1) == percent


def test_nine_lists_of_sixty_tokens() -> None:
    assert len(range(5, 50, 5)) * 60 == 540
