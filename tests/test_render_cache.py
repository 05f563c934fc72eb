"""A build with caches is the clean build, byte for byte, whatever was edited in between (`make bench`: 200 edits)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import rebuilds
from tests.edits import KINDS, Edits
from tests.test_build import needs_node

SEED = 1
# Few at a time, so that one edit that makes every page anew does not hide what another should have.
ROUNDS = [
    (),
    ("prose", "formula", "figure", "lab"),
    ("embedded", "reference", "touched", "block_id"),
    ("link", "cite", "hashtag", "colours", "test"),
    ("heading", "alias", "footnote", "question"),
    ("undo",),
    ("model", "diagram", "erratum", "difficulty", "updated"),
    ("summary", "tag", "embed", "no_reference", "foreign"),
    ("concept", "title", "permalink", "attachment", "no_attachment", "commit"),
    ("add", "order", "rename", "line_breaks", "prerequisites", "address", "template"),
    ("publish", "move", "delete", "folder", "repository", "settings", "extension"),
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
            cached, clean = pair.build(lasting=number % 2 == 0, **edits.environment)
            found = rebuilds.differences(cached, clean)
            assert not found, "\n".join(["after", *done, "the builds differ:", *found])
