"""The build's speed and memory: this site and generated vaults, cold, warm and while writing, beside other generators.

Everything happens in a copy of the project, with caches of its own. The table goes to the screen, every figure to
.cache/bench/build.json; ends with 1 where a limit is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from subprocess import check_output
from typing import Any

from bench.measure import formulas, others, processes, projects, serving
from bench.measure.processes import Run

RESULT = projects.ROOT / ".cache" / "bench" / "build.json"
PARTS = ("cold", "warm", "others", "phases", "edit", "growth", "formulas")
SIZES = (100, 400, 1600)
PHASES = ("start", "read", "normalise", "formulas", "Markdown", "HTML", "templates", "search", "write", "the rest")
EDITS = {"sentence": 10, "meanwhile": 3, "heading": 3, "title": 3, "figure": 3, "lab": 3, "reference": 3}
QUIET = 0.5  # a load average above it means that other work is in the figures
COLD, WARM, STOCK, ZENSICAL = "ours, cold", "ours, warm", "stock Material", "Zensical"


@dataclass
class Report:
    """The figures of a run by part, and the limits that they were held against."""

    figures: dict[str, Any] = field(default_factory=dict)
    missed: int = 0

    def hold(self, name: str, value: float, limit: float, unit: str = "", *, at_least: bool = False) -> None:
        """Print whether a figure keeps its limit: at most so much, or at least."""
        kept = value >= limit if at_least else value <= limit
        self.missed += not kept
        self.figures.setdefault("limits", []).append({"name": name, "value": value, "limit": limit, "kept": kept})
        print(f"  {'pass' if kept else 'FAIL'}  {name}: {value:.2f}{unit}, {'≥' if at_least else '≤'} {limit:g}{unit}")


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once each, and no vault of 1,600 notes")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; may be given again")
    options = parser.parse_args()
    parts = options.only or PARTS
    report = Report()
    load = os.getloadavg()[0]
    report.figures["machine"] = {"cores": os.cpu_count(), "python": sys.version.split()[0], "load": load}
    print(
        f"{os.cpu_count()} cores, load average {load:.2f}", "" if load <= QUIET else "(NOT QUIET: the figures are high)"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = projects.copy(folder / "project")
        if {"cold", "warm", "others"} & {*parts}:
            site(report, folder, project, parts, 1 if options.quick else 5)
        if "phases" in parts:
            phases(report, folder, project)
        if "growth" in parts:
            growth(report, folder, project, SIZES[:2] if options.quick else SIZES, 1 if options.quick else 2)
        # From here on the copy is edited.
        if "edit" in parts:
            count = {kind: 3 if kind == "sentence" else 1 for kind in EDITS} if options.quick else EDITS
            edit(report, folder, project, count)
        if "formulas" in parts:
            formulas_a_second(report)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(report.figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 1 if report.missed else 0


def site(report: Report, folder: Path, project: Path, parts: Collection[str], count: int) -> None:
    """This site, cold and warm, and the same pages by others."""
    notes = len(list((project / "docs").rglob("*.md")))
    runs = compare(folder / "site", project, project / "docs", count, parts)
    best = table(report, f"this site, {notes} notes, best of {count}", runs, notes)
    # A machine that others use is now faster and now slower: each round is compared with itself.
    if ZENSICAL in best:
        report.hold("cold, to Zensical's time (median of the rounds)", _ratio(runs[COLD], runs[ZENSICAL]), 1.0)
    if WARM in best:
        report.hold("warm, to cold (median of the rounds)", _ratio(runs[WARM], runs[COLD]), 0.25)


def _ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    return median(one.wall_s / other.wall_s for one, other in zip(runs, others, strict=True))


def compare(
    folder: Path, project: Path, docs: Path, count: int, parts: Collection[str] = PARTS
) -> dict[str, list[Run]]:
    """Build a vault so often with each generator, by turns: what else the machine does hits all alike."""
    cache, same = folder / "cache", folder / "same"
    environment = told(cache, project, docs)
    if "others" in parts:
        same.mkdir(parents=True)
        command = [sys.executable, "-m", "bench.measure.others", str(same)]
        processes.run(command, project, {**environment, "PYTHONPATH": ".:hooks", "RENDER_CACHE": ""})
        program = others.zensical()
    runs: dict[str, list[Run]] = {}

    def run(name: str, command: list[str], at: Path) -> None:
        runs.setdefault(name, []).append(processes.run(command, at, environment))

    for _ in range(count):
        shutil.rmtree(cache, ignore_errors=True)
        ours = projects.mkdocs("build", "--site-dir", str(folder / "ours"))
        run(COLD, ours, project)
        # What is compared runs one after the other.
        if "others" in parts:
            run(ZENSICAL, [program, "build", "--clean"], same)
            run(STOCK, projects.mkdocs("build", "--site-dir", str(folder / "stock")), same)
        if "warm" in parts:
            run(WARM, ours, project)
    for built in ("ours", "stock", "same/site") if "others" in parts else ("ours",):
        pages = len(list((folder / built).rglob("index.html")))
        assert pages >= len(list(docs.rglob("*.md"))), f"{built} has only {pages} pages"
    return runs


def told(cache: Path, project: Path, docs: Path) -> dict[str, str]:
    """The environment of a build of the project's own notes, or of another vault."""
    return projects.environment(cache, **({} if docs == project / "docs" else {"DOCS_DIR": str(docs)}))


def table(report: Report, title: str, runs: Mapping[str, list[Run]], notes: int) -> dict[str, Run]:
    """Print the best of each generator, side by side."""
    best = {name: processes.best(of) for name, of in runs.items()}
    report.figures[title] = {name: [asdict(run) for run in of] for name, of in runs.items()}
    base = best.get(ZENSICAL)
    print(f"\n{title}\n  {'':<16}{'wall s':>8}{'CPU s':>8}{'MB':>7}{'ms a note':>11}{'× Zensical':>12}{'CPU ×':>8}")
    for name, run in best.items():
        ratio = f"{run.wall_s / base.wall_s:>12.2f}{run.cpu_s / base.cpu_s:>8.2f}" if base else ""
        each = run.wall_s / notes * 1000
        print(f"  {name:<16}{run.wall_s:>8.2f}{run.cpu_s:>8.2f}{run.peak_mb:>7.0f}{each:>11.1f}{ratio}")
    return best


def phases(report: Report, folder: Path, project: Path) -> None:
    """Where the time of a cold build of this site goes, in one process."""
    environment = told(folder / "phases", project, project / "docs")
    environment |= {"PYTHONPATH": ".:hooks", "RENDER_CACHE": "", "BUILD_WORKERS": "1"}
    command = [sys.executable, "-m", "bench.measure.phases", str(folder / "ours")]
    seconds = json.loads(check_output(command, cwd=project, env=environment, text=True).splitlines()[-1])
    report.figures["phases"] = seconds
    print("\nthis site, cold, in one process, by phase")
    for name in PHASES:
        print(f"  {name:<12}{seconds.get(name, 0.0):>8.2f} s{seconds.get(name, 0.0) / sum(seconds.values()):>8.0%}")


def growth(report: Report, folder: Path, project: Path, sizes: tuple[int, ...], count: int) -> None:
    """Vaults of several sizes, one like the other: time a note, memory, an edit."""
    best: dict[int, Run] = {}
    for size in sizes:
        at = folder / f"vault{size}"
        docs = projects.vault(at / "docs", size)
        best[size] = table(report, f"{size} notes, best of {count}", compare(at, project, docs, count), size)[COLD]
        saved(report, f"an edit among {size} notes", project, docs, at / "cache", {"sentence": 3})
    first, last = sizes[0], sizes[-1]
    print("\ngrowth")
    grown = (best[last].wall_s / last) / (best[first].wall_s / first)
    report.hold(f"a note's time in a cold build of {last} notes, to that of {first}", grown, 1.15)
    steps = list(pairwise(sizes))
    time = [(best[more].wall_s - best[less].wall_s) / (more - less) * 1000 for less, more in steps]
    memory = [(best[more].peak_mb - best[less].peak_mb) / (more - less) for less, more in steps]
    for (less, more), milliseconds, megabytes in zip(steps, time, memory, strict=True):
        print(f"  each note from {less} to {more}: {milliseconds:.1f} ms, {megabytes:.2f} MB more")
    report.figures["growth"] = {"steps": steps, "ms a note": time, "MB a note": memory}
    if len(steps) > 1:
        # Few notes take what the programs themselves take.
        less, more = steps[-1]
        held = (best[more].peak_mb / more) / (best[less].peak_mb / less)
        report.hold(f"a note's memory in a cold build of {more} notes, to that of {less}", held, 1.15)


def edit(report: Report, folder: Path, project: Path, kinds: Mapping[str, int]) -> None:
    """From the save of a file to the words in the reloaded page."""
    best = saved(report, "an edit of this site", project, project / "docs", folder / "edit", kinds)
    report.hold("a sentence, from save to page (median)", best, 0.7, " s")


def saved(report: Report, title: str, project: Path, docs: Path, cache: Path, kinds: Mapping[str, int]) -> float:
    """Print what edits take; gives the median of the first kind."""
    ready, reloads = serving.measure(project, docs, told(cache, project, docs), kinds)
    report.figures[title] = {kind: [asdict(one) for one in of] for kind, of in reloads.items()} | {"ready_s": ready}
    print(f"\n{title}, seconds from save to page; mkdocs serve was ready after {ready:.1f} s")
    print(f"  {'':<12}{'edits':>6}{'median':>8}{'most':>8}{'notice':>10}{'build':>7}{'browser':>9}{'the rest':>11}")
    for kind, of in reloads.items():
        parts = [median(getattr(one, name) for one in of) for name in ("notice_s", "build_s", "browser_s", "rest_s")]
        total = [one.total_s for one in of]
        print(
            f"  {kind:<12}{len(of):>6}{median(total):>8.2f}{max(total):>8.2f}"
            f"{parts[0]:>10.2f}{parts[1]:>7.2f}{parts[2]:>9.2f}{parts[3]:>11.2f}"
        )
    return median(one.total_s for one in next(iter(reloads.values())))


def formulas_a_second(report: Report) -> None:
    """Ours and stock markdown-katex on the same formulas."""
    seconds = formulas.measure()
    report.figures["formulas"] = seconds
    print(f"\n{'formulas':<30}{'ms each':>10}{'a second':>10}{'× stock':>9}")
    for name, each in seconds.items():
        print(f"  {name:<28}{each * 1000:>10.3f}{1 / each:>10.0f}{seconds[formulas.STOCK] / each:>9.1f}")
    report.hold("formulas, cold, to stock's", seconds[formulas.STOCK] / seconds[formulas.OURS], 200, at_least=True)


if __name__ == "__main__":
    sys.exit(main())
