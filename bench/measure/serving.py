"""From the save of a file to the new text in the reloaded page, under `mkdocs serve` in Chromium."""

from __future__ import annotations

import random
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.measure.projects import mkdocs
from tests.edits import HEADING, line_ends
from tools.chromium import ARGUMENTS, chromium

LONGEST_S = 180.0  # for a build, before something must be wrong
CALM_S = 4.0  # without a word of the server, after which it has nothing more to do
CHANGED, BUILDING, READY = "Detected file changes", "Building documentation", "Reloading browsers"
# Notes when the words of each edit come into the page: on a new page this runs before anything else.
WATCH = """
window.seen = {}
new MutationObserver(records => {
  for (const {addedNodes, target, type} of records)
    for (const node of type === "characterData" ? [target] : addedNodes)
      for (const [, number] of (node.textContent ?? "").matchAll(/测速记号(\\d+)号/g))
        seen[number] ??= Date.now()
}).observe(document, {childList: true, subtree: true, characterData: true})
"""


@dataclass(frozen=True)
class Edit:
    """Where something is edited, and the page that shows it."""

    path: Path
    change: Callable[[str, str], str]
    """The text of the file with the words in it."""
    url: str


@dataclass(frozen=True)
class Reload:
    """Seconds from the save of a file to its words in the page, and the parts of them."""

    total_s: float
    notice_s: float
    """Until the server has noticed the change."""
    build_s: float
    """From there until it tells the browser, with the time that it waits for further changes."""
    browser_s: float
    """From there until the words are in the page."""
    rest_s: float
    """From the save until the whole site is up to date."""


class Server:
    """`mkdocs serve` in a folder, and the lines that it logs, with their times."""

    def __init__(self, project: Path, environment: Mapping[str, str]) -> None:
        """Start it; ready after `wait_for`."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        self.lines: list[tuple[float, str]] = []
        self._process = subprocess.Popen(
            mkdocs("serve", "--dev-addr", f"127.0.0.1:{port}"),
            cwd=project,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)  # It removes the site that it has built.
        self._process.wait()

    def wait_for(self, words: str, since: float) -> float:
        """When a line with these words was logged; RuntimeError with the log where none comes."""
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end and self._process.poll() is None:
            found = next((at for at, line in list(self.lines) if at >= since and words in line), None)
            if found is not None:
                return found
            time.sleep(0.01)
        raise self._stuck(words)

    def _stuck(self, words: str) -> RuntimeError:
        return RuntimeError("".join([f"mkdocs serve never said: {words}\n", *(line for _, line in self.lines[-40:])]))

    def rest(self) -> float:
        """Wait until nothing is being built and nothing more will be; when the last build ended."""
        start = time.monotonic()
        while time.monotonic() < start + LONGEST_S:
            lines = list(self.lines)
            begun, ended = ([at for at, line in lines if words in line] for words in (CHANGED, READY))
            if len(begun) == len(ended) and time.time() - lines[-1][0] > CALM_S:
                return ended[-1]
            time.sleep(0.1)
        raise self._stuck("the rest of the site is up to date")

    def _read(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self.lines.append((time.time(), line))


def measure(
    project: Path, docs: Path, environment: Mapping[str, str], kinds: Mapping[str, int]
) -> tuple[float, dict[str, list[Reload]]]:
    """Seconds until `mkdocs serve` serves, and so many edits of each kind; what is edited stays so."""
    program = chromium()
    if program is None:
        raise RuntimeError("no Chromium: install it, or name it with CHROMIUM")
    start = time.time()
    reloads: dict[str, list[Reload]] = {}
    number = 0
    with Server(project, environment) as server, sync_playwright() as playwright:
        ready = server.wait_for("Serving on", start) - start
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page()
        page.add_init_script(WATCH)
        for kind, count in kinds.items():
            for edit in chosen(kind, docs, count):
                _open(server, page, edit.url)
                number += 1
                saved, seen = _save(page, edit, number)
                if kind == MEANWHILE:
                    server.wait_for(BUILDING, saved)
                    number += 1
                    saved, seen = _save(page, edit, number)
                rest = server.rest()
                noticed = server.wait_for(CHANGED, saved)
                built = max(at for at, line in server.lines if READY in line and at <= seen)
                one = Reload(seen - saved, noticed - saved, built - noticed, seen - built, rest - saved)
                reloads.setdefault(kind, []).append(one)
        browser.close()
    return ready, reloads


def _open(server: Server, page: Page, url: str) -> None:
    opened = time.time()
    page.goto(server.address + url)
    # Only now does the page wait for the server's word.
    server.wait_for("Browser connected", opened)


def _save(page: Page, edit: Edit, number: int) -> tuple[float, float]:
    """When an edit is saved, and when its words are in the page."""
    text = edit.change(edit.path.read_text("utf-8"), f"测速记号{number}号")
    saved = time.time()
    edit.path.write_text(text, "utf-8")
    page.wait_for_function("number => window.seen?.[number]", arg=number, timeout=LONGEST_S * 1000)
    return saved, page.evaluate("number => seen[number]", number) / 1000


def chosen(kind: str, docs: Path, count: int) -> Sequence[Edit]:
    """Edits of a kind, each shown by another page; always the same ones."""
    edits = {one.url: one for one in sorted(KINDS[kind](docs), key=lambda one: str(one.path))}
    if len(edits) < count:
        raise RuntimeError(f"{docs} has {len(edits)} places for the edit {kind}, not {count}")
    return random.Random(1).sample(list(edits.values()), count)


def _notes(docs: Path) -> Iterator[tuple[Path, str, str]]:
    for path in docs.rglob("*.md"):
        name = path.relative_to(docs).with_suffix("").as_posix()
        # The home page is made of other parts.
        if name != "index":
            yield path, path.read_text("utf-8"), name.removesuffix("index").rstrip("/") + "/"


def _sentence(docs: Path) -> Iterator[Edit]:
    def change(text: str, words: str) -> str:
        at = next(line_ends(text))
        return text[:at] + words + text[at:]

    return (Edit(path, change, url) for path, text, url in _notes(docs) if any(line_ends(text)))


def _heading(docs: Path) -> Iterator[Edit]:
    def change(text: str, words: str) -> str:
        return HEADING.sub(lambda found: found[0] + words, text, count=1)

    return (Edit(path, change, url) for path, text, url in _notes(docs) if HEADING.search(text))


def _title(docs: Path) -> Iterator[Edit]:
    def change(text: str, words: str) -> str:
        return re.sub(r"^title: .*", lambda found: found[0] + words, text, count=1, flags=re.M)

    return (Edit(path, change, url) for path, text, url in _notes(docs) if text.startswith("---\ntitle: "))


def _figure(docs: Path) -> Iterator[Edit]:
    def change(text: str, words: str) -> str:
        return text.replace("</svg>", f"<text>{words}</text></svg>")

    for path, text, url in _notes(docs):
        for name in re.findall(r"^!\[[^\]\n]*\]\((\S+\.svg)\)$", text, re.M):
            drawing = path.parent / name
            if drawing.is_file() and "currentColor" in drawing.read_text("utf-8"):
                yield Edit(drawing, change, url)


def _lab(docs: Path) -> Iterator[Edit]:
    def change(text: str, words: str) -> str:
        return text.replace("# --8<-- [end:", f"# {words}\n# --8<-- [end:")

    for _, text, url in _notes(docs):
        for name in re.findall(r'^--8<-- "(labs/[^":]+):', text, re.M):
            yield Edit(docs.parent / name, change, url)


def _reference(docs: Path) -> Iterator[Edit]:
    def edit(key: str, url: str) -> Edit:
        def change(text: str, words: str) -> str:
            return re.sub(rf"({{{key},\s+title = {{{{)", rf"\g<1>{words} ", text)

        return Edit(docs.parent / "references.bib", change, url)

    titled = set(re.findall(r"{([\w-]+),\s+title = {{", (docs.parent / "references.bib").read_text("utf-8")))
    for _, text, url in _notes(docs):
        key = next((key for key in re.findall(r"\[@([\w-]+)\]", text) if key in titled), None)
        if key is not None:
            yield edit(key, url)


MEANWHILE = "meanwhile"
"""A second sentence, saved while the rest of the site is being built for the first."""
KINDS: dict[str, Callable[[Path], Iterator[Edit]]] = {
    "sentence": _sentence,
    MEANWHILE: _sentence,
    "heading": _heading,
    "title": _title,
    "figure": _figure,
    "lab": _lab,
    "reference": _reference,
}
