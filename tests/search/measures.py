"""What the tests and the benchmark of the search measure: our queries, every name of the registry, hit rates."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Page

QUERIES = Path(__file__).with_name("queries.jsonl")

RUN = """async ([queries, limit]) => {
  const out = [];
  for (const query of queries) {
    const start = performance.now();
    const rows = await siteSearch(query, limit);
    out.push({ms: performance.now() - start, rows});
  }
  return out;
}"""

READY = """async () => {
  const start = performance.now();
  document.querySelector(".md-search__input").focus();
  await siteSearch("");
  return performance.now() - start;
}"""
"""Milliseconds from the focus of the box to the first answer of the engine."""


@dataclass(frozen=True)
class Case:
    """A query and the addresses, relative to the root of the site, of which it should reach one."""

    query: str
    kind: str
    wanted: frozenset[str]

    @property
    def pages(self) -> set[str]:
        """The pages of the addresses."""
        return {page_of(url) for url in self.wanted}

    def hits_section(self, url: str) -> bool:
        """Whether an address is the wanted section; for a concept that has a page of its own any section is."""
        return any(url == wanted if "#" in wanted else page_of(url) == wanted for wanted in self.wanted)


@dataclass(frozen=True)
class Rates:
    """Shares of the queries: right page first, right page among the first three, right section among them."""

    first: float
    three: float
    section: float
    missed: tuple[str, ...]


def page_of(url: str) -> str:
    """An address without its fragment."""
    return url.partition("#")[0]


def concepts(site: Path) -> list[dict[str, Any]]:
    """The registry of the built site."""
    rows: list[dict[str, Any]] = json.loads((site / "concepts.json").read_text("utf-8"))
    return rows


def own_cases(site: Path) -> list[Case]:
    """Our queries; those whose concepts have no page yet are left out."""
    urls = {row["id"]: unquote(row["url"]) for row in concepts(site)}
    rows = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    cases = [
        Case(row["query"], row["kind"], frozenset(urls[name] for name in row["concepts"] if name in urls))
        for row in rows
    ]
    return [case for case in cases if case.wanted]


def name_cases(site: Path) -> list[Case]:
    """Every title, alias and English name, typed whole; a name of two concepts may lead to either."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in concepts(site):
        for name in {row["title"], row["en"], *row["aliases"]} - {""}:
            wanted[name].add(unquote(row["url"]))
    return [Case(name, "name", frozenset(urls)) for name, urls in sorted(wanted.items())]


def search(page: Page, queries: Iterable[str], limit: int = 10) -> list[dict[str, Any]]:
    """The rows of each query and the milliseconds it took, by `window.siteSearch` of an open page."""
    found: list[dict[str, Any]] = page.evaluate(RUN, [list(queries), limit])
    return found


def rates(cases: Sequence[Case], found: Sequence[Sequence[str]]) -> Rates:
    """The hit rates of the addresses found for each case."""
    first = three = section = 0
    missed = []
    for case, urls in zip(cases, found, strict=True):
        pages = list(dict.fromkeys(map(page_of, urls)))
        first += pages[:1] != [] and pages[0] in case.pages
        three += not case.pages.isdisjoint(pages[:3])
        section += any(map(case.hits_section, urls[:3]))
        if not pages or pages[0] not in case.pages:
            missed.append(f"{case.query} → {', '.join(sorted(case.wanted))}, not {', '.join(urls[:3]) or 'nothing'}")
    count = len(cases)
    return Rates(first / count, three / count, section / count, tuple(missed))


def zipped(file: Path) -> int:
    """Bytes of a file after gzip."""
    return len(gzip.compress(file.read_bytes(), 9))


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of the values stay below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
