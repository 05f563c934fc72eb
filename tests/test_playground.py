"""The widgets of the playground outside a browser: each is its lab on random inputs, and its fences are checked."""

from __future__ import annotations

import gzip
import importlib
import json
import math
import re
import shutil
import subprocess
from random import Random
from typing import Any

import pytest
from handbook import widgets
from handbook.blocks import Html
from handbook.registry import Note, read_note

from figures.__main__ import draw
from tests.built_site import ROOT

SCRIPTS = ROOT / "overrides" / "assets" / "playground"
NAMES = sorted(widgets.scripts(SCRIPTS))
RUNS = 1000

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="Node is not on the PATH")
every_widget = pytest.mark.parametrize("name", NAMES)

CALL = """
import { text } from "node:stream/consumers"
const { file, calls } = JSON.parse(await text(process.stdin))
const module = await import(file)
process.stdout.write(JSON.stringify(calls.map(([name, given]) => module[name](...given))))
"""


def adapter(name: str) -> Any:
    """What `tests/playground` says of a widget."""
    return importlib.import_module(f"tests.playground.{name.replace('-', '_')}")


def equal(found: Any, expected: Any) -> bool:
    """Whether the widget found what the lab did: whole numbers to the last digit where a double has them all."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(equal(found[key], expected[key]) for key in expected)
    if isinstance(expected, list | tuple):
        return len(found) == len(expected) and all(map(equal, found, expected))
    if isinstance(expected, float) or (type(expected) is int and abs(expected) > 2**53):
        return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-300)
    return bool(found == expected)


@needs_node
@every_widget
def test_a_widget_is_its_lab(name: str) -> None:
    rng, checks = Random(name), adapter(name).CHECKS
    drawn = [(check, check.draw(rng)) for check in checks for _ in range(RUNS)]
    calls = [(check.export, given) for check, given in drawn]
    request = json.dumps({"file": (SCRIPTS / f"{name}.js").as_uri(), "calls": calls})
    command = ["node", "--input-type=module", "--eval", CALL]
    run = subprocess.run(command, input=request, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    for (check, given), found in zip(drawn, json.loads(run.stdout), strict=True):
        expected = check.lab(*given)
        assert equal(found, expected), (check.export, given, found, expected)


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (3, 3, True),
        (3, 4, False),
        (0.1 + 0.2, 0.3, True),
        (0.30001, 0.3, False),
        (2**53 + 2, 2**53 + 3, True),
        ({"a": [1, 2]}, {"a": (1, 2)}, True),
        ({"a": [1, 2]}, {"a": [1, 3]}, False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_what_is_equal(found: Any, expected: Any, same: bool) -> None:
    assert equal(found, expected) == same


@every_widget
def test_the_figure_shows_what_the_lab_says(name: str) -> None:
    expected = adapter(name).shown()
    texts = re.findall(r"<(?:text|title)[^>]*>([^<]*)<", draw(f"figures.playground.{name.replace('-', '_')}"))
    assert len(expected) >= 3
    assert [text for text in expected if not any(text in each for each in texts)] == []


@every_widget
def test_the_page_says_what_the_lab_says(name: str) -> None:
    text = (ROOT / "docs" / "playground" / f"{name}.md").read_text("utf-8")
    expected = [number.replace("\N{NO-BREAK SPACE}", " ") for number in adapter(name).page()]
    assert len(expected) >= 3
    assert [number for number in expected if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", text)] == []


@every_widget
def test_a_widget_is_small(name: str) -> None:
    assert len(gzip.compress((SCRIPTS / f"{name}.js").read_bytes())) <= 30 * 1024
    # Shared by all of them, but a reader loads it too.
    assert sum(len(gzip.compress((SCRIPTS / file).read_bytes())) for file in ("ui.js", "playground.css")) <= 30 * 1024


@every_widget
def test_a_widget_stands_on_a_page_outside_the_playground(name: str) -> None:
    fence = re.compile(rf"^```widget\nname: {name}$", re.M)
    pages = [path for path in (ROOT / "docs").rglob("*.md") if fence.search(path.read_text("utf-8"))]
    assert [path for path in pages if path.parent.name != "playground"]
    assert ROOT / "docs" / "playground" / f"{name}.md" in pages


# --- The fence


def note(path: str, body: str) -> Note:
    return read_note(path, body, lambda tex: tex)[0]


OWN = note("playground/tiny.md", "```widget\nname: tiny\n```\n")
DRAWING = "<svg><title>三 &lt; 四</title></svg>"


def shown(body: str, answer: widgets.Answer | None = None) -> tuple[str, list[str]]:
    """The HTML of the fences of a note, and the problems: of a vault with the widget tiny, which answers so."""
    here = note("a/here.md", body)
    told = answer or widgets.Answer("小")
    found = widgets.show([here, OWN], {"tiny"}, lambda path: DRAWING, lambda places: [told] * len(places))
    problems = [str(problem) for problem in found if problem.path == here.path]
    return "\n".join(block.text for block in here.blocks if isinstance(block, Html)), problems


def test_a_fence_becomes_a_figure_with_its_script_once() -> None:
    html, problems = shown(
        '---\ntitle: x\n---\n\n```widget\nname: tiny\nwhat: "<5"\n```\n\n```widget\nname: tiny\n```\n'
    )
    assert problems == []
    assert html.count('<section class="widget" data-widget="tiny"') == 2
    assert 'data-start="{&quot;what&quot;: &quot;&lt;5&quot;}" aria-label="小"' in html
    assert html.count('<p><img alt="三 &lt; 四" src="vault:playground/img/tiny.svg"></p>') == 2
    assert html.count('src="vault:assets/playground/tiny.js"') == 1
    assert html.count('href="vault:assets/playground/playground.css"') == 1
    assert html.count('<a class="widget-page" href="vault:playground/tiny.md">') == 2


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("name: tinny", 2, "there is no widget tinny: use tiny"),
        ("what: 5", 2, "write `name: …`"),
        ("tiny", 2, "write `name: …`"),
        ("name: tiny\nwhat: [5", 3, "not valid YAML"),
    ],
)
def test_a_wrong_fence_is_reported_with_its_line(body: str, line: int, message: str) -> None:
    html, problems = shown(f"```widget\n{body}\n```\n")
    assert html == ""
    assert len(problems) == 1
    assert problems[0].startswith(f"a/here.md:{line}: widget: {message}")


def test_a_wrong_start_value_is_reported_with_its_line() -> None:
    html, problems = shown("> ```widget\n> name: tiny\n> what: 5\n> ```\n", widgets.Answer("小", [("what", "no")]))
    assert (html, problems) == ("", ["a/here.md:3: widget: no"])


def test_a_widget_needs_a_page_and_a_figure() -> None:
    alone = note("a/here.md", "```widget\nname: tiny\n```\n")
    found = [str(each) for each in widgets.show([alone], {"tiny"}, lambda path: None, lambda places: [])]
    assert found == [
        "a/here.md:2: widget: tiny has no page: write playground/tiny.md",
        "a/here.md:2: widget: playground/img/tiny.svg is missing or has no title: write figures/playground/tiny.py "
        "and run `python -m figures`",
    ]


@needs_node
def test_the_widgets_themselves_check_the_start_values() -> None:
    models = [{"id": "a", "name": "A", "kind": "decoder"}, {"id": "llama-3-8b", "name": "L", "kind": "decoder"}]
    starts: list[dict[str, Any]] = [
        {"model": "a", "context": 5},
        {"modle": "a"},
        {"model": "b", "context": 0, "bits": 16},
        {"context": 2.5},
    ]
    places = [widgets.Place("n.md", OWN.blocks[0], [], 0, "kv-cache-size", start) for start in starts]  # type: ignore[arg-type]
    answers = widgets.ask_node(places, models)
    assert answers[0] == widgets.Answer("KV 缓存占多少显存", [])
    assert answers[1].faults == [("modle", "there is no input modle: use model, context, batch, bits, groups")]
    assert [message for _, message in answers[2].faults] == [
        "`model` must be one of a, llama-3-8b, not b",
        "`context` must be a whole number from 1 to 1048576, not 0",
    ]
    assert len(answers[3].faults) == 1
    broken = widgets.ask_node([widgets.Place("n.md", OWN.blocks[0], [], 0, "no-such", {})], models)  # type: ignore[arg-type]
    assert "no-such.js does not load" in broken[0].faults[0][1]


def test_the_rows_are_the_models_whose_shapes_are_public() -> None:
    from handbook import models

    from labs.models.parameter_count import count

    text = (ROOT / "tests" / "cases" / "models" / "vault" / models.PATH).read_text("utf-8")
    rows = widgets.rows(models.read(text, {"tiny"}, count)[0])
    assert [row["id"] for row in rows] == ["tiny-1", "tiny-moe"]
    assert rows[0]["layers"] == 2 and rows[0]["total"] > 0 and "note" not in rows[0]
