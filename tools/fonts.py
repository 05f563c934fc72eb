"""Split KaTeX's larger fonts: `python -m tools.fonts` writes overrides/assets/katex/fonts/*.woff2.

A page then loads the half with the usual characters, and the other only where a formula needs it. The halves are
committed, because a build needs no library for fonts; tests/test_formulas.py makes them again and compares.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from handbook import formulas  # noqa: E402

SOURCE = ROOT / "node_modules" / "katex" / "dist" / "fonts"
TARGET = ROOT / "overrides" / "assets" / "katex" / "fonts"


def characters(font: bytes) -> set[int]:
    """The code points that a font draws."""
    return set(subset.load_font(io.BytesIO(font), subset.Options()).getBestCmap())


def part(font: bytes, kept: Iterable[int]) -> bytes:
    """The font as WOFF2 with the characters kept and no others; metrics and hints stay."""
    options = subset.Options(flavor="woff2", layout_features=["*"], bidi_closure=False)
    loaded = subset.load_font(io.BytesIO(font), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(loaded)
    out = io.BytesIO()
    subset.save_font(loaded, out, options)
    return out.getvalue()


def halves() -> dict[str, bytes]:
    """The fonts by the name of their file."""
    made = {}
    for name in formulas.USUAL:
        font = (SOURCE / f"{name}.woff2").read_bytes()
        every = characters(font)
        usual = every & formulas.usual(name)
        made[f"{name}.usual.woff2"] = part(font, usual)
        made[f"{name}.rest.woff2"] = part(font, every - usual)
    return made


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for file, content in halves().items():
        (TARGET / file).write_bytes(content)
