"""Edit tools: against str methods and a loop, and the numbers of docs/ai-coding/coding-tool-design.md."""

from __future__ import annotations

from pathlib import Path

import jinja2
import numpy as np
import pytest

from labs.ai_coding.edit_tools import Refused, batch, replace, replace_line, unique_share


def test_replace_refuses_what_is_not_certain() -> None:
    text = "a = 1\nb = 1\n"
    assert replace(text, "b = 1", "b = 2") == "a = 1\nb = 2\n"
    with pytest.raises(Refused, match="2 times"):
        replace(text, " = 1", " = 3")
    with pytest.raises(Refused, match="not found"):
        replace(text, "c = 1", "")
    with pytest.raises(Refused):
        replace(text, "", "x")


def test_replace_line_is_slice_assignment() -> None:
    lines = list("abcd")
    expected = list("abcd")
    expected[2:3] = ["x", "y"]
    assert replace_line(lines, 2, ["x", "y"]) == expected
    assert lines == list("abcd")


def test_drift_without_growth_or_upwards_does_no_harm() -> None:
    for seed in range(20):
        numbered, quoted = batch(50, 8, 3, "up", np.random.default_rng(seed))
        assert (numbered.right, quoted.right) == (8, 8)


def test_unique_share_by_loop() -> None:
    text = "a\nb\na\n\nc\n"
    assert unique_share([text], 0) == 2 / 4
    assert unique_share([text], 1) == 1.0


def test_numbers_of_the_page() -> None:
    def right(order: str, edits: int) -> tuple[float, float]:
        runs = [batch(200, edits, 3, order, np.random.default_rng(s)) for s in range(200)]
        return sum(a.right for a, _ in runs) / 200 / edits, sum(b.right for _, b in runs) / 200 / edits

    assert [round(right("down", e)[0], 2) for e in (2, 5, 10)] == [0.59, 0.34, 0.21]
    assert [round(right("random", e)[0], 2) for e in (2, 5, 10)] == [0.81, 0.54, 0.40]
    assert right("up", 10) == (1.0, 1.0)
    assert all(right(order, 10)[1] == 1.0 for order in ("down", "random"))


def test_unique_lines_of_jinja2() -> None:
    if jinja2.__version__ != "3.1.6":
        pytest.skip("the page was measured on Jinja2 3.1.6")
    files = [p.read_text("utf-8") for p in sorted(Path(jinja2.__file__).parent.glob("*.py"))]
    assert [round(unique_share(files, c), 2) for c in (0, 1, 2, 3)] == [0.75, 0.94, 0.98, 0.99]
