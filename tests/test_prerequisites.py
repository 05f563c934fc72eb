"""What to read before what: unknown names and circles are reported, the levels are those of the longest way."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from handbook import frontmatter, prerequisites, registry

from tests.built_site import ROOT

Graph = Mapping[str, tuple[str, ...]]
FAULTS: list[tuple[Graph, list[str]]] = [
    ({"a": (), "b": ("a",)}, []),
    ({"a": (), "b": ("a", "c")}, ["b/index.md:1: c is no section; there are a、b"]),
    ({"a": ("a",)}, ["a/index.md:1: prerequisites go in a circle: a → a"]),
    (
        {"a": (), "b": ("a", "d"), "c": ("b",), "d": ("c",)},
        ["b/index.md:1: prerequisites go in a circle: b → d → c → b"],
    ),
]


@pytest.mark.parametrize(("graph", "expected"), FAULTS)
def test_faults_are_reported_where_they_are_mended(graph: Graph, expected: list[str]) -> None:
    assert [str(problem) for problem in prerequisites.problems(graph)] == expected


def test_a_section_stands_below_all_that_come_before_it() -> None:
    graph = {"a": (), "b": ("a",), "c": ("a", "b"), "d": (), "e": ("c", "d")}
    assert prerequisites.levels(graph) == [["a", "d"], ["b"], ["c"], ["e"]]


def test_the_sections_of_the_vault_have_an_order() -> None:
    notes = [
        registry.read_note(
            path.relative_to(ROOT / "docs").as_posix(), frontmatter.normalise(path.read_bytes()), lambda tex: tex
        )[0]
        for path in (ROOT / "docs").glob("*/index.md")
    ]
    graph = prerequisites.of(notes)
    assert prerequisites.problems(graph) == []
    # Whoever reads the sections in the order of the navigation has read what each needs.
    order = list(graph)
    for section, before in graph.items():
        assert all(order.index(name) < order.index(section) for name in before), section
