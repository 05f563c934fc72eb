"""Widgets of the playground: a ```widget fence becomes a figure that a script brings to life."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import yaml

from . import blocks, links
from .frontmatter import Loader
from .models import Model
from .registry import Note
from .report import Problem

FOLDER = "playground"
SCRIPTS = "assets/playground"
MODELS = f"{SCRIPTS}/models.json"
CHECKER = Path(__file__).with_name("widget_starts.mjs")

_TITLE = re.compile(r"<title>(.*?)</title>", re.S)


@dataclass
class Place:
    """A fence of a note: where it stands among its siblings, and what it asks for."""

    path: str
    fence: blocks.Fence
    siblings: list[blocks.Block]
    index: int
    name: str = ""
    start: Mapping[str, Any] | None = None

    def problem(self, word: str, message: str) -> Problem:
        """A fault at the line of the fence that begins with a word, or at its head."""
        at = next((index for index, text in enumerate(self.fence.lines) if text.lstrip().startswith(word)), -1)
        return Problem(self.path, self.fence.line + 1 + at, "widget", f"widget: {message}")


@dataclass(frozen=True)
class Answer:
    """What a widget says to a fence: its title, and what is wrong with the start values, as (key, message)."""

    title: str
    faults: Sequence[tuple[str, str]] = ()


Ask = Callable[[Sequence[Place]], Sequence[Answer]]


def show(
    notes: Iterable[Note], scripts: Collection[str], drawing: Callable[[str], str | None], ask: Ask
) -> Iterator[Problem]:
    """Replace the ```widget fences of the notes, in place; gives what is wrong with them.

    `scripts` are the names of the widgets there are, `drawing` gives the SVG at a path of the vault, and `ask` what
    each of the fences is told by its widget.
    """
    listed = {note.path: note for note in notes}
    sound: list[Place] = []
    for place in [place for note in listed.values() for place in _places(note.blocks, note.path)]:
        faults = [*_read(place, scripts)] or [*_parts(place.name, listed, drawing)]
        yield from (place.problem(word, message) for word, message in faults)
        sound += [] if faults else [place]
    seen: set[tuple[str, str]] = set()
    for place, answer in zip(sound, ask(sound) if sound else (), strict=True):
        yield from (place.problem(word, message) for word, message in answer.faults)
        if not answer.faults:
            svg = drawing(_figure(place.name)) or ""
            shown = _section(place, answer.title, svg, (place.path, place.name) not in seen)
            place.siblings[place.index] = blocks.Html(place.fence.line, shown.split("\n"), id=place.fence.id)
            seen.add((place.path, place.name))


def _places(tree: list[blocks.Block], path: str) -> Iterator[Place]:
    for index, block in enumerate(tree):
        if isinstance(block, blocks.Container):
            yield from _places(block.children, path)
        elif isinstance(block, blocks.Fence) and block.info.split()[:1] == ["widget"]:
            yield Place(path, block, tree, index)


def _read(place: Place, scripts: Collection[str]) -> Iterator[tuple[str, str]]:
    """Fill in what a fence asks for; gives what is wrong with its YAML or its name."""
    try:
        query = yaml.load(place.fence.text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        word = place.fence.lines[mark.line].strip() if mark and mark.line < len(place.fence.lines) else ""
        yield word, f"not valid YAML: {getattr(error, 'problem', None) or error}"
        return
    if not isinstance(query, dict) or "name" not in query:
        yield "", "write `name: …`, and below it start values if any: `context: 8192`"
        return
    place.name = str(query.pop("name"))
    place.start = {str(key): value for key, value in query.items()}
    if place.name not in scripts:
        yield "name", f"there is no widget {place.name}: use {', '.join(sorted(scripts))}"


def _parts(name: str, notes: Mapping[str, Note], drawing: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    """What else a widget needs: its page and its figure."""
    if _page(name) not in notes:
        yield "name", f"{name} has no page: write {_page(name)}"
    if not _TITLE.search(drawing(_figure(name)) or ""):
        module = f"figures/{FOLDER}/{name.replace('-', '_')}.py"
        yield "name", f"{_figure(name)} is missing or has no title: write {module} and run `python -m figures`"


def _page(name: str) -> str:
    return f"{FOLDER}/{name}.md"


def _figure(name: str) -> str:
    return f"{FOLDER}/img/{name}.svg"


def _section(place: Place, title: str, svg: str, first: bool) -> str:
    """A widget as it is without its script; the first of its kind on a page brings the script and the style."""
    name, found = place.name, _TITLE.search(svg)
    # The image becomes an inline figure with its text as caption: pages.figures.
    caption = escape(unescape(found[1] if found else ""))
    own = place.path == _page(name)
    return "\n".join(
        [
            f'<section class="widget" data-widget="{name}" data-start="{escape(json.dumps(place.start))}"'
            f' aria-label="{escape(title)}">',
            f'<link rel="stylesheet" href="{links.in_vault(f"{SCRIPTS}/playground.css")}">' if first else "",
            "" if own else f'<p class="widget-title">{escape(title)}</p>',
            f'<p><img alt="{caption}" src="{links.in_vault(_figure(name))}"></p>',
            "" if own else f'<a class="widget-page" href="{links.in_vault(_page(name))}">在实验台里打开</a>',
            f'<script type="module" src="{links.in_vault(f"{SCRIPTS}/{name}.js")}"></script>' if first else "",
            "</section>",
        ]
    )


def ask_node(places: Sequence[Place], models: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Have the widgets themselves check the start values, in one run of Node: only they know their inputs."""
    program = shutil.which("node")
    if program is None:
        return [Answer("", [("name", "Node 18 or newer must be on the PATH to check start values")]) for _ in places]
    request = {"models": models, "requests": [{"name": place.name, "start": place.start} for place in places]}
    run = subprocess.run(
        [program, str(CHECKER)], input=json.dumps(request), capture_output=True, encoding="utf-8", check=False
    )
    if run.returncode:
        return [Answer("", [("name", f"Node failed: {run.stderr.strip()}")]) for _ in places]
    return [Answer(each["title"], [(key, text) for key, text in each["faults"]]) for each in json.loads(run.stdout)]


def scripts(folder: Path) -> set[str]:
    """The names of the widgets whose modules stand in a folder, beside what they share."""
    return {path.stem for path in folder.glob("*.js")} - {"ui"}


_ROW = (
    "id", "name", "kind", "layers", "sublayers", "hidden", "embedding_dim", "shared_layers", "heads", "kv_heads",
    "head_dim", "output_gate", "qk_norm", "mla", "linear", "ffn", "gated", "experts", "bias", "norm", "vocab", "tied",
    "positions", "outer_norm", "context",
)  # fmt: skip


def rows(listed: Iterable[Model]) -> list[dict[str, Any]]:
    """What widgets are given of the models whose shapes are public: those and the counts of the lab."""
    return [
        {key: model[key] for key in _ROW if model[key] is not None}
        | {"total": model.count.total, "active": model.count.active}
        for model in listed
        if model.count is not None
    ]
