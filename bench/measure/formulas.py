"""Formulas a second: stock markdown-katex, ours with an empty cache and with a full one."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from handbook.formulas import Formula, Katex
from markdown_katex import wrapper

from bench.measure.projects import ROOT

SAMPLE = 6  # stock takes a second or two for each
BUILDS = 3
STOCK, OURS = "stock", "ours, cold, with Node's start"


def measure() -> dict[str, float]:
    """Seconds that each way takes for a formula, on the same formulas in one run."""
    os.chdir(ROOT)  # npx finds the packages of the folder it runs in
    formulas = list(dict.fromkeys(Formula(tex, True) for tex in real_formulas()))
    sample = formulas[:: max(1, len(formulas) // SAMPLE)][:SAMPLE]
    with tempfile.TemporaryDirectory() as folder:
        caches = [Path(folder) / f"{n}.sqlite" for n in range(BUILDS)]
        cold_s = [timed(lambda: ours(cache, formulas, new=True)) for cache in caches]  # noqa: B023 (called here)
        cached_s = [timed(lambda: ours(cache, formulas, new=False)) for cache in caches]  # noqa: B023

        wrapper.CACHE_DIR = Path(folder) / "mdkatex"
        wrapper.LOCAL_CMD_CACHE = wrapper.CACHE_DIR / "local_katex_cmd.txt"
        stock_s = [timed(lambda: stock(formula)) for formula in sample]  # noqa: B023
        # Stock may ask npx for KaTeX before each formula, and still end up with the binary that it brings.
        wrapper._get_usr_parts = lambda: None
        wrapper.CACHE_DIR = Path(folder) / "bundled"
        bundled_s = [timed(lambda: stock(formula)) for formula in sample]  # noqa: B023

    # The best of several, of each: what else the machine does is in none of them.
    return {
        STOCK: min(stock_s),
        "stock, kept from trying npx": min(bundled_s),
        OURS: min(cold_s) / len(formulas),
        "ours, cached": min(cached_s) / len(formulas),
    }


def ours(cache: Path, formulas: Sequence[Formula], *, new: bool) -> None:
    """Render as one build does, from the start of Node, where something is new, to its end."""
    with Katex(cache) as katex:
        wrong = [one.error for one in katex.render(formulas) if one.error]
    assert not wrong, wrong
    assert (katex.rendered, katex.cached) == ((len(formulas), 0) if new else (0, len(formulas)))


def stock(formula: Formula) -> None:
    """Render as markdown-katex does when it meets a display formula."""
    assert "katex-display" in wrapper.tex2html(formula.tex, {"display-mode": True})


def timed(work: Callable[[], None]) -> float:
    """Seconds that `work` takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def real_formulas() -> Iterator[str]:
    """The formulas of the inventory beside this repository, or else those of the notes."""
    inventory = sorted((ROOT.parent / "shared/inventory").glob("*.yaml"))
    for path in inventory:
        yield from (tex.strip("$") for tex in formulas_in(yaml.safe_load(path.read_text("utf-8"))))
    if not inventory:
        for path in sorted((ROOT / "docs").rglob("*.md")):
            text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
            for found in re.finditer(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, re.DOTALL):
                yield found[1] or found[2]


def formulas_in(data: Any) -> Iterator[str]:
    """Everything that stands in a list called `formulas`, at any depth."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from map(str, value or ()) if key == "formulas" else formulas_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from formulas_in(value)
