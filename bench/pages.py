"""What readers wait for: Lighthouse on a phone, the weight of two pages read one after the other, how much moves.

Of a built site, SITE (if unset `.cache/site`, which `make test` leaves), served as GitHub Pages does. The table goes
to the screen, every figure to .cache/bench/pages.json; ends with 1 where a limit is not kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.measures import FIRST_KB, SECOND_KB, SHIFT, shift, visits, watched, written_pages
from tests.browser.test_templates import TEMPLATES
from tests.browsing import PagesHandler, serving
from tools.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bench"
RESULT = ROOT / ".cache" / "bench" / "pages.json"
LIMITS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
"""How often Lighthouse measures a page; the median counts."""


def installed() -> Path:
    """Lighthouse as bench/package-lock.json has it, installed if it is not there."""
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=FOLDER, check=True)
    return program


def lighthouse(program: Path, browser: str, address: str) -> dict[str, Any]:
    """One run with the preset for phones: the scores of 100, and the times in milliseconds."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        flags = " ".join(["--headless=new", *ARGUMENTS])
        subprocess.run(
            [program, address, "--quiet", "--output=json", f"--output-path={out.name}", f"--chrome-flags={flags}"],
            env=os.environ | {"CHROME_PATH": browser},
            check=True,
        )
        report = json.loads(Path(out.name).read_text("utf-8"))
    times = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
    return {name: round(100 * report["categories"][name]["score"]) for name in LIMITS} | {
        name: round(report["audits"][name]["numericValue"]) for name in times
    }


def scores(site: Path, program: str, places: dict[str, str]) -> tuple[dict[str, Any], int]:
    """Lighthouse on each place; the figures, and how many limits were missed."""
    found, missed = {}, 0
    tool = installed()
    print(f"{'':24} {'  '.join(LIMITS)}   FCP   LCP   TBT    SI (ms, median of {RUNS})")
    with serving(site, PagesHandler) as address:
        for name, place in places.items():
            runs = [lighthouse(tool, program, address + place) for _ in range(RUNS)]
            row = {key: median(run[key] for run in runs) for key in runs[0]}
            found[place] = row | {"runs": runs}
            missed += sum(row[key] < limit for key, limit in LIMITS.items())
            shown = "  ".join(f"{row[key]:{len(key)}.0f}" for key in LIMITS)
            print(f"{name:24} {shown} " + " ".join(f"{value:5.0f}" for value in list(row.values())[len(LIMITS) :]))
    return found, missed


def weights(site: Path, browser: Browser) -> tuple[dict[str, Any], int]:
    """The heaviest pages as a first visit, each with a second one after it."""
    heavy = written_pages(site)[:6]
    found, missed = {}, 0
    for first, second in zip(heavy, heavy[1:] + heavy[:1], strict=True):
        one, two = (sum(sent.values()) / 1000 for sent in visits(browser, site, [first, second]))
        found[first] = {"first_kB": one, "then": second, "second_kB": two}
        missed += (one > FIRST_KB) + (two > SECOND_KB)
        print(f"{first:36} {one:6.1f} kB, then {second:36} {two:5.1f} kB")
    return found, missed


def shifts(site: Path, browser: Browser) -> tuple[dict[str, float], int]:
    """How much moves on every template."""
    found = {}
    with serving(site, PagesHandler) as address:
        for name, place in TEMPLATES.items():
            context, page = watched(browser)
            page.goto(address + place, wait_until="load")
            found[name] = shift(page)
            context.close()
    worst = max(found, key=lambda name: found[name])
    print(f"cumulative layout shift: {found[worst]:.4f} at most ({worst})")
    return found, sum(value > SHIFT for value in found.values())


def main() -> int:
    site, program = Path(os.environ.get("SITE", ROOT / ".cache" / "site")), chromium()
    if program is None or not (site / "index.html").exists():
        print("no Chromium, or no site at SITE: run `make test` first", file=sys.stderr)
        return 1
    places = {"heaviest page": written_pages(site)[0], "home": ""} | {
        name: TEMPLATES[name] for name in ("content", "section", "questions", "errata", "references", "glossary")
    }
    figures: dict[str, Any] = {"load": os.getloadavg()[0]}
    figures["lighthouse"], missed = scores(site, program, places)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        figures["weights"], heavy = weights(site, browser)
        figures["shifts"], moved = shifts(site, browser)
        browser.close()
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    missed += heavy + moved
    print(f"{missed} limits missed" if missed else "every limit is kept")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
