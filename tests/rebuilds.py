"""Builds of a project that is edited between them: in one process that lives on, in a new one, and what differs."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as commands
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tests.built_site import ROOT

# New processes are forked from one that has imported much and built nothing: they start at once, and know nothing.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["mkdocs.commands.build", "mkdocs_bibtex.plugin", "markdown_katex", "material", "pypinyin", "genanki", "pymdownx"]
)

CLEAN = {"RENDER_CACHE": "", "BUILD_WORKERS": "1"}
"""A build that reads no cache of pages and forks no workers."""
SHOWN = 60  # characters on either side of a difference


@dataclass(frozen=True)
class Built:
    """A site as it was built, and what the build reported."""

    site: Path
    warnings: list[str]


class Pair:
    """Two builds of each state of a project: with the caches that have seen every state before, and with none."""

    def __init__(self, project: Path, folder: Path) -> None:
        """Build `project` into two folders below `folder`, where the caches are, too."""
        self.project = project
        self.cache = folder / "cache"
        self._folder = folder
        self._lasting = ProcessPoolExecutor(1, CONTEXT)
        self._new = ProcessPoolExecutor(2, CONTEXT, max_tasks_per_child=1)

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self._lasting.shutdown()
        self._new.shutdown()

    def build(self, *, lasting: bool, **environment: str) -> tuple[Built, Built]:
        """The cached build, in the process that has made the others or in a new one, and the clean build."""
        cached, clean = self._folder / "cached", self._folder / "clean"
        caches = {"RENDER_CACHE": str(self.cache / "render"), "KATEX_CACHE": str(self.cache / "katex.sqlite")}
        # The formulas of the clean build have a cache of their own, which only it fills.
        apart = CLEAN | {"KATEX_CACHE": str(self._folder / "clean.sqlite")}
        pool = self._lasting if lasting else self._new
        first = pool.submit(build, self.project, cached, environment | caches)
        second = self._new.submit(build, self.project, clean, environment | apart)
        return Built(cached, first.result()), Built(clean, second.result())


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def build(project: Path, site: Path, environment: Mapping[str, str]) -> list[str]:
    """Build a project as `mkdocs build` does, in this process; gives what it warned of."""
    log, kept = logging.getLogger("mkdocs"), _Kept()
    log.addHandler(kept)
    before = dict(os.environ)
    # The date of a page that names none is the build's.
    os.environ.update({"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1800000000", **environment})
    os.chdir(project)
    try:
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(site))
        config.plugins.on_startup(command="build", dirty=False)
        commands.build(config)
        config.plugins.on_shutdown()
    except Abort as abort:
        # It is a SystemExit, which would end the process without a word.
        raise RuntimeError("\n".join([f"{project} does not build", *kept.messages])) from abort
    finally:
        log.removeHandler(kept)
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
    return sorted(kept.messages)


def differences(one: Built, other: Built) -> list[str]:
    """Where two builds differ: every file, byte for byte, and what was reported; empty if they are the same."""
    found = [f"reported by {one.site.name} only: {line}" for line in _without(one.warnings, other.warnings)]
    found += [f"reported by {other.site.name} only: {line}" for line in _without(other.warnings, one.warnings)]
    first, second = _files(one.site), _files(other.site)
    found += [f"{name}: in {one.site.name} only" for name in sorted(first.keys() - second.keys())]
    found += [f"{name}: in {other.site.name} only" for name in sorted(second.keys() - first.keys())]
    for name in sorted(first.keys() & second.keys()):
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
