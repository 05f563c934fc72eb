"""Redraw every figure into the vault: `python -m figures`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def drawings() -> Iterator[tuple[str, Path]]:
    """Module name of each figure and the file of the vault that it draws; underscores become hyphens."""
    for source in sorted(ROOT.glob("*/*.py")):
        if source.stem != "__init__":
            section, name = source.parent.name, source.stem
            target = ROOT.parent / "docs" / section.replace("_", "-") / "img" / f"{name.replace('_', '-')}.svg"
            yield f"figures.{section}.{name}", target


def draw(module: str) -> str:
    """The SVG that the figure module draws."""
    svg: str = importlib.import_module(module).draw()
    return svg


def main() -> None:
    """Write every figure, and say which ones changed."""
    for module, target in drawings():
        svg = draw(module)
        if not target.exists() or target.read_text("utf-8") != svg:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(svg, "utf-8", newline="\n")
            print(f"drew {target.relative_to(ROOT.parent)}")


if __name__ == "__main__":
    main()
