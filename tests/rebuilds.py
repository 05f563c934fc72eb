"""Builds of a project that is edited between them: as `mkdocs serve` and `mkdocs build` make them, and what differs."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.commands import build as commands
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

ROOT = Path(__file__).resolve().parent.parent

# New processes are forked from one that has imported much and built nothing: they start at once, and know nothing.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["mkdocs.commands.build", "mkdocs_bibtex.plugin", "markdown_katex", "material", "pypinyin", "genanki", "pymdownx"]
)

CLEAN = {"RENDER_CACHE": "", "BUILD_WORKERS": "1"}
"""A build that reads no cache of pages and forks no workers."""
OFFLINE = ("offline.json", "sw.js")
"""Name every file of the site."""
SHOWN = 60  # characters on either side of a difference


@dataclass(frozen=True)
class Built:
    """A site as it was built, what the build reported, and the pages that were shown before all was built."""

    site: Path
    warnings: list[str]
    early: dict[str, bytes] = field(default_factory=dict)


class Pair:
    """Two builds of each state of a project: with the caches that have seen every state before, and with none."""

    def __init__(self, project: Path, folder: Path) -> None:
        """Build `project` into folders below `folder`, where the caches are, too."""
        self.project = project
        self.cache = folder / "cache"
        self._folder = folder
        self._serving = ProcessPoolExecutor(1, CONTEXT)
        self._new = ProcessPoolExecutor(2, CONTEXT, max_tasks_per_child=1)

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.shutdown()
        self._new.shutdown()

    def build(self, *, serving: bool, **environment: str) -> tuple[Built, Built]:
        """The cached build, in the one process that goes on serving or in a new one, and the clean build."""
        caches = {"RENDER_CACHE": str(self.cache / "render"), "KATEX_CACHE": str(self.cache / "katex.sqlite")}
        # The formulas of the clean build have a cache of their own, which only it fills.
        apart = CLEAN | {"KATEX_CACHE": str(self._folder / "clean.sqlite")}
        if serving:
            first = self._serving.submit(serve, self.project, self._folder / "served", environment | caches)
        else:
            first = self._new.submit(build, self.project, self._folder / "cached", environment | caches)
        second = self._new.submit(build, self.project, self._folder / "clean", environment | apart)
        return first.result(), second.result()


def build(project: Path, site: Path, environment: Mapping[str, str]) -> Built:
    """Build a project as `mkdocs build` does."""
    with _told(environment), _heard() as warnings:
        _whole(project, site)
    return Built(site, sorted(warnings))


class _Server:
    """What the hooks know of MkDocs' server, and what it keeps from one build to the next."""

    def __init__(self, project: Path, site: Path, environment: Mapping[str, str]) -> None:
        self._project, self._site, self.environment = project, site, environment
        self._watched_paths: dict[str, int] = {}
        self._wanted_epoch = self._visible_epoch = 0
        self._rebuild_cond = threading.Condition()
        self._want_rebuild = False
        self.warnings: list[str] = []
        self.builds = 0
        self.build()

    def build(self) -> None:
        self.builds += 1
        with _heard() as self.warnings:
            config = _whole(self._project, self._site)
        self._watched_paths = {str(path): 1 for path in (config.docs_dir, config.config_file_path, *config.watch)}


_served: tuple[_Server, Any] | None = None
"""The server of this process and what the hooks make of a change."""


def serve(project: Path, site: Path, environment: Mapping[str, str]) -> Built:
    """Build a project as `mkdocs serve` does, in a process that has built it before."""
    global _served
    with _told(environment):
        if _served is None or _served[0].environment != environment:
            server = _Server(project, site, environment)
            # The hooks of the project, which may be a copy, have imported it by now.
            from handbook import preview

            _served = server, preview.Preview(server, server.build)
            return Built(site, sorted(server.warnings))
        server, change = _served
        before, builds = _times(site), server.builds
        change()
        now = _times(site)
        early = {name: (site / name).read_bytes() for name in now if now[name] != before.get(name)}
        if server.builds == builds:  # The rest follows when the author pauses.
            change()
    return Built(site, sorted(server.warnings), early)


def _whole(project: Path, site: Path) -> MkDocsConfig:
    os.chdir(project)
    config = load_config(str(project / "mkdocs.yml"), site_dir=str(site))
    # That of the project, which may be a copy: it reads the files around it.
    assert Path(str(sys.modules["handbook"].__file__)).is_relative_to(project)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        commands.build(config)
    except Abort as abort:
        # It is a SystemExit, which would end the process without a word.
        raise RuntimeError(f"{project} does not build") from abort
    config.plugins.on_shutdown()
    return config


def _times(site: Path) -> dict[str, int]:
    """When each page of a site was written."""
    return {path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in site.rglob("*.html")}


@contextmanager
def _told(environment: Mapping[str, str]) -> Iterator[None]:
    """The environment of a build, for a while."""
    # The date of a page that names none is the build's.
    added = {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1800000000", **environment}
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What MkDocs and the hooks warn of."""
    messages: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    log, handler = logging.getLogger("mkdocs"), Handler(logging.WARNING)
    log.addHandler(handler)
    try:
        yield messages
    finally:
        log.removeHandler(handler)


def differences(one: Built, other: Built) -> list[str]:
    """Where two builds differ: every file, byte for byte, and what was reported; empty if they are the same."""
    found = [f"reported by {one.site.name} only: {line}" for line in _without(one.warnings, other.warnings)]
    found += [f"reported by {other.site.name} only: {line}" for line in _without(other.warnings, one.warnings)]
    early = ((name, other.site / name, data) for name, data in one.early.items())
    found += [f"{name}: shown early, and other in the end" for name, path, data in early if not _is(path, data)]
    first, second = _files(one.site), _files(other.site)
    # Where a page was shown early, the preview leaves what the search had of it, and so lists it for use offline.
    kept = {name for name in first if one.early and name.startswith(("assets/search/text/", *OFFLINE))}
    found += [f"{name}: in {one.site.name} only" for name in sorted(first.keys() - second.keys() - kept)]
    found += [f"{name}: in {other.site.name} only" for name in sorted(second.keys() - first.keys())]
    for name in sorted((first.keys() & second.keys()) - kept):
        # An Anki deck holds the time at which it was made; its cards do not.
        read: Callable[[Path], bytes] = _cards if name.endswith(".apkg") else Path.read_bytes
        left, right = read(first[name]), read(second[name])
        if left != right:
            pairs = enumerate(zip(left, right, strict=False))
            at = next((number for number, (one_byte, other_byte) in pairs if one_byte != other_byte), None)
            at = min(len(left), len(right)) if at is None else at
            shown = (data[max(0, at - SHOWN) : at + SHOWN].decode(errors="replace") for data in (left, right))
            found.append(f"{name}: differs at byte {at}: {' | '.join(map(repr, shown))}")
    return found


def _without(lines: list[str], others: list[str]) -> list[str]:
    rest = list(others)
    return [line for line in lines if line not in rest or rest.remove(line)]  # type: ignore[func-returns-value]


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def _cards(deck: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(deck) as archive:
        database = archive.extract("collection.anki2", folder)
        with closing(sqlite3.connect(database)) as collection:
            notes = collection.execute("SELECT guid, mid, tags, flds, sfld FROM notes ORDER BY rowid").fetchall()
    return repr(notes).encode()


def copy(project: Path, *names: str) -> None:
    """Copy files and folders of this project to another place, and lend it the packages of Node."""
    for name in names:
        target = project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / name, target)
    (project / "node_modules").symlink_to(ROOT / "node_modules")


def small(project: Path) -> Path:
    """A project with its own small vault, `tests/vault/`, in which every feature is used; under git."""
    copy(project, "mkdocs.yml", "hooks", "overrides", "labs/models")
    shutil.copytree(ROOT / "tests" / "vault", project, dirs_exist_ok=True)
    (project / "figures").mkdir()  # `mkdocs serve` watches it
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    return project
