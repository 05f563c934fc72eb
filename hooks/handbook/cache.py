"""What earlier builds have made, kept on disk by a digest of everything it was made of; and that digest.

A key must name all inputs, so nothing is ever out of date: what changes has another key, and old rows are swept out.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

log = logging.getLogger("mkdocs.handbook.cache")

BUSY_S = 30.0  # how long one build waits for another that is writing
KEPT = 30
"""Builds for which a row stays that no build asks for: as many edits can be taken back at no cost."""


def digest(*parts: object) -> str:
    """A short name for values that `repr` tells apart; bytes and text are taken as they are."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode() if isinstance(part, str) else repr(part).encode()
        # The length keeps ("ab", "c") from being ("a", "bc"), the kind None from being "None".
        state.update(b"%s%d:" % (type(part).__name__.encode(), len(data)))
        state.update(data)
    return state.hexdigest()


def files_digest(paths: Iterable[Path]) -> str:
    """The digest of files by their content, each with its name; a file that is missing counts as such."""
    return digest(
        *(part for path in sorted(paths) for part in (path.name, path.read_bytes() if path.is_file() else None))
    )


def path(usual: Path) -> Path | None:
    """Where the cache is: RENDER_CACHE names its folder, the empty string none."""
    named = os.environ.get("RENDER_CACHE")
    return usual if named is None else Path(named) / usual.name if named else None


class Store:
    """Values by key in one SQLite file; None for no file: then it forgets at once."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._used: set[str] = set()
        self._build: int | None = None

    def get(self, keys: Iterable[str]) -> dict[str, Any]:
        """What is known of `keys`."""
        wanted = set(keys)
        self._used |= wanted
        if self.path is None:
            return {}
        try:
            with closing(self._database(self.path)) as database:
                rows = (
                    (key, database.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone())
                    for key in wanted
                )
                return {key: pickle.loads(row[0]) for key, row in rows if row}
        except (sqlite3.DatabaseError, OSError, pickle.UnpicklingError, EOFError, AttributeError) as error:
            self._drop(self.path, error)
            return {}

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep values, one after the other: a copy of all would be half of a build's memory."""
        if self.path is None or not values:
            return
        rows = ((key, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)) for key, value in values.items())
        try:
            with closing(self._database(self.path)) as database, database:
                database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)
                self._use(database, values)
        except (sqlite3.DatabaseError, OSError) as error:
            self._drop(self.path, error)

    def save(self) -> None:
        """Note what this build has asked for, and sweep out what no build has of late."""
        if self.path is None:
            return
        used, self._used = self._used, set()
        try:
            with closing(self._database(self.path)) as database, database:
                build = self._use(database, used)
                database.execute("DELETE FROM used WHERE build < ?", (build - KEPT,))
                database.execute("DELETE FROM entries WHERE key NOT IN (SELECT key FROM used)")
        except (sqlite3.DatabaseError, OSError) as error:
            self._drop(self.path, error)
        self._build = None

    def _use(self, database: sqlite3.Connection, keys: Iterable[str]) -> int:
        """Note that this build, the number of which is given, has to do with keys."""
        if self._build is None:
            self._build = database.execute("SELECT coalesce(max(build), 0) + 1 FROM used").fetchone()[0]
        rows = ((key, self._build) for key in keys)
        database.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", rows)
        assert self._build is not None
        return self._build

    @staticmethod
    def _database(path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=BUSY_S)
        # A cache may be lost with the machine's power.
        database.execute("PRAGMA synchronous = OFF")
        # To read what is there without a copy takes half of the time.
        database.execute(f"PRAGMA mmap_size = {1 << 30}")
        database.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB)")
        # Apart from the values: to say that one is used would write it again.
        database.execute("CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, build INT) WITHOUT ROWID")
        return database

    @staticmethod
    def _drop(path: Path, error: Exception) -> None:
        """Say what happened, and delete the file where it is corrupt: the next use makes a new one."""
        if isinstance(error, sqlite3.OperationalError | OSError):
            log.info("going on without the cache %s: %s", path, error)
            return
        log.info("the cache %s is corrupt (%s) and starts anew", path, error)
        for name in (path, path.with_name(f"{path.name}-journal")):
            name.unlink(missing_ok=True)
