"""The render cache's own rules; that it changes nothing is the matter of test_render_cache.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import material
import pytest
from handbook import cache, rendering, workers

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = (ROOT / "overrides", Path(material.__file__).parent / "templates")


def test_the_frame_knows_every_mark_that_a_template_looks_for() -> None:
    looked = {
        found
        for folder in TEMPLATES
        for path in folder.rglob("*.html")
        for found in re.findall(r"""(["'])((?:(?!\1).)*)\1 (?:not )?in \(?page\.content""", path.read_text("utf-8"))
    }
    assert {mark.replace("\\u003c", "<") for _, mark in looked} == {*rendering.MARKS}
    # No other use than to show it, which has its place in the frame.
    others = {
        line.strip()
        for folder in TEMPLATES
        for path in folder.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if "page.content" in line and not re.search(r"\bin \(?page\.content", line)
    }
    assert others == {"{{ page.content }}"}


def test_a_store_keeps_what_is_used(tmp_path: Path) -> None:
    path = tmp_path / "render.sqlite"
    store = cache.Store(path)
    store.put({"often": [1], "once": {"a": 2}})
    store.save()
    for _ in range(cache.KEPT + 1):
        store = cache.Store(path)
        assert store.get(["often"]) == {"often": [1]}
        store.save()
    assert cache.Store(path).get(["often", "once"]) == {"often": [1]}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_corrupt_store_starts_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "render.sqlite"
    path.write_bytes(content)
    store = cache.Store(path)
    assert store.get(["a"]) == {}
    store.put({"a": 1})
    store.save()
    assert cache.Store(path).get(["a"]) == {"a": 1}


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = tmp_path / "render.sqlite"
    assert cache.path(usual) == usual
    monkeypatch.setenv("RENDER_CACHE", str(tmp_path / "other"))
    assert cache.path(usual) == tmp_path / "other" / "render.sqlite"
    monkeypatch.setenv("RENDER_CACHE", "")
    assert cache.path(usual) is None
    store = cache.Store(None)
    store.put({"a": 1})
    store.save()
    assert store.get(["a"]) == {}


def test_digests_tell_values_apart() -> None:
    values = [("ab", "c"), ("a", "bc"), ("abc",), (b"abc", None), ("abc", "None"), (["abc"],), (("abc",),), ("", "abc")]
    assert len({cache.digest(*value) for value in values}) == len(values)
    assert cache.digest("a", 1) == cache.digest("a", 1)


def test_work_is_spread_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILD_WORKERS", "3")
    values = list(range(3 * workers.FEW + 5))
    done = workers.spread(lambda value: (value, os.getpid()), values, nullcontext)
    assert [value for value, _ in done] == values
    assert len({process for _, process in done}) in (1, 3)  # one where the system has no fork, or a thread runs


@pytest.mark.parametrize("count", ["1", "2"])
def test_work_for_later(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    monkeypatch.setenv("BUILD_WORKERS", count)
    begun: list[int] = []

    @contextmanager
    def process() -> Iterator[None]:
        begun.append(1)
        yield

    waits = [workers.later(lambda: (os.getpid(), begun, "long" * 100_000), process) for _ in range(3)]
    found = [wait() for wait in waits]
    # In this process nothing is begun; in others only once, and this one's list stays as it was.
    others = {process for process, _, _ in found} - {os.getpid()}
    assert len(others) in ((0, 3) if count == "2" else (0,))
    assert [seen for _, seen, _ in found] == ([[1]] * 3 if others else [[]] * 3) and not begun
    assert {text for _, _, text in found} == {"long" * 100_000}

    def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        workers.later(work, nullcontext)()


def test_a_failure_in_another_process_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILD_WORKERS", "2")

    def work(value: int) -> int:
        if value == 2 * workers.FEW - 1:
            raise ValueError("the last one")
        return value

    with pytest.raises(ValueError, match="the last one"):
        workers.spread(work, range(2 * workers.FEW), nullcontext)


# In a process without threads, which may be forked; pytest's helpers have some.
ENDS = """
import os
from contextlib import nullcontext
from handbook import workers

for work in (lambda: os._exit(3), lambda: lambda: None):
    try:
        workers.later(work, nullcontext)()
    except Exception as error:
        print(type(error).__name__, error)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_an_end_without_an_answer_is_said() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "hooks"), "BUILD_WORKERS": "2"}
    run = subprocess.run([sys.executable, "-c", ENDS], env=environment, capture_output=True, text=True, check=True)
    ended, odd = run.stdout.splitlines()
    assert ended.startswith("RuntimeError a process of the build ended with status")
    assert "pickle" in odd
