"""What `mkdocs serve` does when a file changes: an edited note is shown at once, the rest when its author pauses."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mkdocs import utils
from watchdog import events
from watchdog.observers import Observer

from . import blocks, cache, frontmatter, registry, rendering, session
from .report import Problem

SETTLE_S = 0.05  # an editor may write a file in two steps
PAUSE_S = 2.0
PUT = ("models", "widget")
"""The fences in whose place hooks put something, in a build of all."""

log = logging.getLogger("mkdocs.handbook.preview")


def start(server: Any) -> None:
    """Have MkDocs' server see changes when they happen, and build for them what is needed."""
    paths = list(server._watched_paths)
    for path in paths:
        server.unwatch(path)
    server.observer = Watcher()
    for path in paths:
        server.watch(path)
    server.build_delay = SETTLE_S
    server.builder = Preview(server, server.builder)


class Watcher(Observer):  # type: ignore[misc, valid-type]
    """Told of changes by the system, where MkDocs' own looks at every file twice a second."""

    def schedule(self, *arguments: Any, **options: Any) -> Any:
        # To open a file for reading is an event, too, and the build does that.
        changes = [events.FileCreatedEvent, events.FileDeletedEvent, events.FileModifiedEvent, events.FileMovedEvent]
        return super().schedule(*arguments, **options, event_filter=changes)


class Preview:
    """Builds for `mkdocs serve`."""

    def __init__(self, server: Any, whole: Callable[[], None]) -> None:
        self.server = server
        self.whole = whole
        self.stamps = self._stamps()
        self.timer: threading.Timer | None = None

    def __call__(self) -> None:
        """Build what changed since the last time."""
        if self.timer:
            self.timer.cancel()
        stamps = self._stamps()
        before, self.stamps = self.stamps, stamps
        changed = {path for path in stamps.keys() | before.keys() if stamps.get(path) != before.get(path)}
        if changed and self._quick(changed):
            self.timer = threading.Timer(PAUSE_S, self._wake)
            self.timer.daemon = True
            self.timer.start()
        elif changed:
            self.whole()
        else:
            # Only to bring the rest up to date: no page comes or goes, and no reader must see it reload.
            self.server._wanted_epoch = self.server._visible_epoch
            clean, utils.clean_directory = utils.clean_directory, lambda directory: None
            try:
                self.whole()
            finally:
                utils.clean_directory = clean

    def _stamps(self) -> dict[str, tuple[int, int]]:
        """When each watched file changed, and its size."""
        found = {}
        for root in self.server._watched_paths:
            for path in (Path(root), *Path(root).rglob("*")):
                # It may be gone by now.
                with suppress(OSError):
                    status = path.stat()
                    if not stat.S_ISDIR(status.st_mode):
                        found[str(path)] = status.st_mtime_ns, status.st_size
        return found

    def _wake(self) -> None:
        with self.server._rebuild_cond:
            self.server._want_rebuild = True
            self.server._rebuild_cond.notify_all()

    def _quick(self, changed: set[str]) -> bool:
        """Render only the pages that show changed notes; False where the change may show on other pages, too."""
        state = session.current()
        if state.site is None:
            return False
        config, doc_files, nav, env = state.site
        paths = {file.abs_src_path: file for file in doc_files if file.src_uri in state.vault.notes}
        # A note that is gone, or is no note, is a matter for a build of all.
        if not changed <= paths.keys() or not all(Path(path).is_file() for path in changed):
            return False
        notes = state.vault.notes
        before = dict(notes)
        # Not `state.names`: since that was made, hooks have added the pages that they generate.
        names = registry.names_digest(state.vault, state.urls)
        problems: list[Problem] = []
        for path in changed:
            file = paths[path]
            note, found = registry.read_note(file.src_uri, frontmatter.normalise(file.content_bytes), state.readable)
            notes[note.path] = note
            problems += found
        written = [notes[paths[path].src_uri] for path in changed]
        if (
            # A hook puts something into such a note, in a build of all.
            any(_is_put(block) for note in written for block in blocks.walk(note.blocks))
            or registry.names_digest(state.vault, state.urls) != names
        ):
            notes.clear()
            notes.update(before)
            return False
        state.texts |= {note.path: cache.digest(note.source) for note in written}
        edited = {note.path for note in written}
        shown = [
            file.page
            for file in doc_files
            if file.src_uri in edited or state.made[file.src_uri].reads & {f"vault/{path}" for path in edited}
        ]
        keys = {page.file.src_uri: rendering.key_of(page, config, state.files) for page in shown}
        for path in keys:
            del state.made[path]
        rendering.make(keys, config, state.files)
        for page in shown:
            rendering.take(page)
        rendering.render_frames(shown, config, doc_files, nav, env)
        for page in shown:
            rendering.write_page(page, config)
            problems += state.made[page.file.src_uri].problems
        for problem in sorted(set(problems)):
            log.warning("%s/%s", os.path.relpath(config.docs_dir), problem)
        return True


def _is_put(block: blocks.Block) -> bool:
    return isinstance(block, blocks.Fence) and block.info.split()[:1] in ([name] for name in PUT)
