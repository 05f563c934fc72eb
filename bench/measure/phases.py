"""Builds the project of the working directory in one process and prints the seconds of each phase as JSON."""

from __future__ import annotations

from time import perf_counter

START = perf_counter()

import json  # noqa: E402 (the imports of a build are part of its start)
import sys  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import jinja2  # noqa: E402
import markdown  # noqa: E402
from handbook import formulas  # noqa: E402
from mkdocs import utils  # noqa: E402
from mkdocs.commands import build  # noqa: E402
from mkdocs.config import load_config  # noqa: E402
from mkdocs.structure import files  # noqa: E402

EVENTS = {
    "files": "read", "nav": "read", "page_read_source": "read",
    "page_markdown": "normalise",
    "page_content": "HTML", "page_context": "HTML", "post_page": "HTML",
    "env": "search",
    "post_build": "write",
}  # fmt: skip
"""The phase of each event, in which only hooks and plugins work; `HTML` is what they do after Markdown."""
CALLS: list[tuple[Any, str, str]] = [
    (build, "get_files", "read"),
    (formulas.Katex, "render", "formulas"),
    (markdown.Markdown, "convert", "Markdown"),
    (jinja2.Environment, "get_template", "templates"),
    (jinja2.Template, "render", "templates"),
    (utils, "clean_directory", "write"),
    (utils, "write_file", "write"),
    (files.Files, "copy_static_files", "write"),
]


class Clock:
    """Seconds by phase; what one phase calls of another counts for the other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, phase: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, whose time is that of a phase."""

        def measured(*arguments: Any, **named: Any) -> Any:
            start = perf_counter()
            self._inner.append(0.0)
            try:
                return call(*arguments, **named)
            finally:
                took = perf_counter() - start
                self.seconds[phase] += took - self._inner.pop()
                self._inner[-1] += took

        return measured


def main() -> None:
    """Build into the folder that the command line names."""
    clock = Clock()
    config = load_config("mkdocs.yml", site_dir=sys.argv[1])
    for event, calls in config.plugins.events.items():
        if event in EVENTS:
            calls[:] = [clock.timed(EVENTS[event], call) for call in calls]
    for owner, name, phase in CALLS:
        setattr(owner, name, clock.timed(phase, getattr(owner, name)))
    config.plugins.on_startup(command="build", dirty=False)
    clock.seconds["start"] = perf_counter() - START
    clock.timed("the rest", build.build)(config)
    print(json.dumps(clock.seconds))


if __name__ == "__main__":
    main()
