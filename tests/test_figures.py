"""Every committed figure is what its module draws now, and reads in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from figures.__main__ import draw, drawings

FIGURES = list(drawings())


@pytest.mark.parametrize(("module", "target"), FIGURES, ids=[module for module, _ in FIGURES])
def test_committed_figure_is_current_and_takes_the_page_colours(module: str, target: Path) -> None:
    assert target.exists(), f"{target} is missing: run `python -m figures`"
    svg = draw(module)
    assert target.read_text("utf-8") == svg, f"{target} is stale: run `python -m figures`"
    assert "currentColor" in svg
    assert "<title>" in svg
    assert not re.search(r"\bid=|<script|https?://(?!www\.w3\.org/2000/svg)", svg)
