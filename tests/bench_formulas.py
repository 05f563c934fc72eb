"""Formulas a second: stock markdown-katex, ours with an empty cache, ours with a full one. `make bench` runs this."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from markdown_katex import wrapper

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "hooks"))

from handbook.formulas import Formula, Katex  # noqa: E402 (the hooks' folder is on the path only now)

SAMPLE = 6  # stock takes a second or two for each
FACTOR = 200  # what issue 2 asks for


def main() -> None:
    """Time the three on the same formulas in one run, print a table and JSON, exit with 1 below the factor."""
    os.chdir(ROOT)  # npx finds the packages of the folder it runs in
    formulas = list(dict.fromkeys(Formula(tex, True) for tex in real_formulas()))
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "katex.sqlite"
        cold, cold_s = ours(cache, formulas)
        cached, cached_s = ours(cache, formulas)
        assert (cold.rendered, cold.cached) == (cached.cached, cached.rendered) == (len(formulas), 0)

        sample = formulas[:: len(formulas) // SAMPLE][:SAMPLE]
        wrapper.CACHE_DIR = Path(folder) / "mdkatex"
        wrapper.LOCAL_CMD_CACHE = wrapper.CACHE_DIR / "local_katex_cmd.txt"
        stock_s = timed(stock, sample)
        program = " ".join(Path(part).name for part in wrapper.get_bin_cmd())

        rows = [
            (f"stock ({program})", len(sample), stock_s),
            ("ours, cold, with Node's start", len(formulas), cold_s),
            ("ours, cached", len(formulas), cached_s),
        ]
        if (
            "npx" in program
        ):  # the binary in the package is older and faster; where npx runs, stock does not use it
            wrapper._get_usr_parts = lambda: None
            wrapper.CACHE_DIR = Path(folder) / "bundled"
            rows.insert(1, ("stock's bundled KaTeX 0.15.1", len(sample), timed(stock, sample)))

    print(f"{'':<32}{'formulas':>9}{'s':>9}{'ms each':>10}{'each s':>10}{'× stock':>10}")
    for name, count, seconds in rows:
        factor = stock_s / len(sample) / (seconds / count)
        each = f"{seconds / count * 1000:>10.3f}{count / seconds:>10.1f}"
        print(f"{name:<32}{count:>9}{seconds:>9.3f}{each}{factor:>10.1f}")
    print(
        json.dumps([{"name": name, "formulas": count, "seconds": seconds} for name, count, seconds in rows])
    )
    factor = stock_s / len(sample) / (cold_s / len(formulas))
    if factor < FACTOR:
        sys.exit(f"Cold, ours is {factor:.0f} times as fast as stock; it should be {FACTOR} times.")


def ours(cache: Path, formulas: Sequence[Formula]) -> tuple[Katex, float]:
    """Render as one build does, and the seconds from its start to the end of Node."""
    start = perf_counter()
    with Katex(cache) as katex:
        wrong = [one.error for one in katex.render(formulas) if one.error]
    assert not wrong, wrong
    return katex, perf_counter() - start


def stock(formulas: Sequence[Formula]) -> None:
    """Render as markdown-katex does when it meets a display formula."""
    for formula in formulas:
        assert "katex-display" in wrapper.tex2html(formula.tex, {"display-mode": True})


def timed(render: Callable[[Sequence[Formula]], None], formulas: Sequence[Formula]) -> float:
    """Seconds that `render` takes for all of them."""
    start = perf_counter()
    render(formulas)
    return perf_counter() - start


def real_formulas() -> Iterator[str]:
    """The formulas of the inventory beside this repository, or else those of the notes."""
    inventory = sorted((ROOT.parent / "shared/inventory").glob("*.yaml"))
    for path in inventory:
        yield from (tex.strip("$") for tex in formulas_in(yaml.safe_load(path.read_text("utf-8"))))
    if not inventory:
        for path in sorted((ROOT / "docs").rglob("*.md")):
            text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
            yield from (
                found[1] or found[2] for found in re.finditer(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, re.DOTALL)
            )


def formulas_in(data: Any) -> Iterator[str]:
    """Everything that stands in a list called `formulas`, at any depth."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from map(str, value or ()) if key == "formulas" else formulas_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from formulas_in(value)


if __name__ == "__main__":
    main()
