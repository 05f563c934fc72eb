"""What makes the build fast changes nothing of the site: caches, after any edits (bench: hundreds); the preview."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests import rebuilds
from tests.edits import KINDS, Edits
from tests.test_build import needs_node

SEED = 1
# Few at a time, so that one edit that makes every page anew does not hide what another should have.
ROUNDS = [
    (),
    ("prose", "formula", "figure"),
    ("embedded", "reference", "touched", "block_id"),
    ("link", "cite", "hashtag", "colours", "test"),
    ("heading", "alias", "footnote", "question"),
    ("undo", "lab"),
    ("model", "diagram", "erratum", "difficulty", "updated"),
    ("summary", "tag", "embed", "no_reference", "foreign"),
    ("concept", "title", "permalink", "attachment", "no_attachment", "commit"),
    ("add", "order", "rename", "line_breaks", "prerequisites", "address", "template"),
    ("publish", "move", "folder", "repository", "settings", "extension"),
    # All is found in the cache, of which MkDocs has read nothing then: pages outside the navigation, too.
    (),
    ("delete",),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a small vault that uses every feature."""
    return rebuilds.small(tmp_path / "project")


@needs_node
def test_a_cached_build_is_the_clean_build(project: Path, tmp_path: Path) -> None:
    assert sorted(KINDS) == sorted(kind for kinds in ROUNDS for kind in kinds)
    edits, done = Edits(project, SEED), []
    with rebuilds.Pair(project, tmp_path) as pair:
        for number, kinds in enumerate(ROUNDS):
            done += [edits.apply(kind) for kind in kinds]
            # Caches are shared between the builds of `make serve`, one process, and those of `make build`.
            cached, clean = pair.build(serving=number % 2 == 0, **edits.environment)
            found = rebuilds.differences(cached, clean)
            assert not found, "\n".join(["after", *done, "the builds differ:", *found])


@needs_node
def test_a_false_record_is_found_and_a_broken_cache_made_anew(project: Path, tmp_path: Path) -> None:
    with rebuilds.Pair(project, tmp_path) as pair:
        first, _ = pair.build(serving=False)
        assert not first.early
        (record,) = pair.cache.glob("render/*.sqlite")
        with closing(sqlite3.connect(record)) as database, database:
            rows = database.execute("SELECT key, value FROM entries").fetchall()
            # As long as what it replaces, so that the record can be read.
            false = [(value.replace("开头一段".encode(), "开头二段".encode()), key) for key, value in rows]
            database.executemany("UPDATE entries SET value = ? WHERE key = ?", false)
        found = rebuilds.differences(*pair.build(serving=False))
        assert any(line.startswith("a/target/index.html: differs at byte") for line in found), found

        record.write_bytes(b"no database")
        assert not rebuilds.differences(*pair.build(serving=False))


@needs_node
def test_an_edited_note_is_shown_before_the_rest(project: Path, tmp_path: Path) -> None:
    with rebuilds.Pair(project, tmp_path) as pair:
        pair.build(serving=True)
        note = project / "docs/a/target.md"
        note.write_text(note.read_text("utf-8").replace("开头一段。", "开头一段，改过。"), "utf-8")
        served, clean = pair.build(serving=True)
        # The note itself, and those that embed it.
        assert sorted(served.early) == ["a/embeds/index.html", "a/nested/index.html", "a/target/index.html"]
        assert not rebuilds.differences(served, clean)


@needs_node
def test_the_navigation_drawn_once_is_that_of_material(project: Path, tmp_path: Path) -> None:
    (project / "overrides/partials/nav.html").rename(tmp_path / "nav.html")
    pages = []
    for name in ("without", "with"):
        with rebuilds.Pair(project, tmp_path / name) as pair:
            site = pair.build(serving=False)[0].site
        pages.append({path.relative_to(site): shown(path, site) for path in site.rglob("*.html")})
        shutil.copy(tmp_path / "nav.html", project / "overrides/partials/nav.html")
    assert pages[0] == pages[1]


def shown(path: Path, site: Path) -> str:
    """A page without its white space, and with the addresses that its own lead to."""
    own = f"/{path.parent.relative_to(site).as_posix()}/"
    text = re.sub(r'href="([^"]*)"', lambda found: f'href="{urljoin(own, found[1])}"', path.read_text("utf-8"))
    return "".join(text.split()).replace("><", ">\n<")
