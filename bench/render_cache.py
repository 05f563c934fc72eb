"""Hundreds of random edits, each followed by a cached build and a clean one: the first difference ends it."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import rebuilds
from tests.edits import Edits

SECTIONS = ("attention", "models", "position")
"""Enough pages to be worth more than one process, few enough for hundreds of clean builds."""


def some(project: Path) -> Path:
    """A copy of this project with a few of its sections."""
    whole(project)
    for folder in sorted(path for path in (project / "docs").iterdir() if path.is_dir()):
        if folder.name not in (*SECTIONS, "data", ".obsidian"):
            shutil.rmtree(folder)
    return project


def whole(project: Path) -> Path:
    """A copy of this project."""
    rebuilds.copy(project, "mkdocs.yml", "references.bib", "hooks", "overrides", "labs", "figures", "docs")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    return project


def main() -> int:
    """Edit and build each project, print the figures; 1 where a cached build was not the clean one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200, help="of the small vault, and of some sections of this one")
    parser.add_argument("--whole", type=int, default=10, help="edits of this project as a whole")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    projects: list[tuple[str, Callable[[Path], Path], int]] = [
        ("tests/vault", rebuilds.small, options.edits),
        (", ".join(SECTIONS), some, options.edits),
        ("this project", whole, options.whole),
    ]
    results = [run(name, make, count, options.seed) for name, make, count in projects if count]
    print(json.dumps(results, ensure_ascii=False))
    return 1 if any(result["differences"] for result in results) else 0


def run(name: str, make: Callable[[Path], Path], count: int, seed: int) -> dict[str, object]:
    """Edit a project so many times, build it twice after each; its result, with the differences that were found."""
    start = time.monotonic()
    done: list[str] = []
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        project = make(Path(folder) / "project")
        edits = Edits(project, seed)
        with rebuilds.Pair(project, Path(folder)) as pair:
            while not found and len(done) <= count:
                done.append(edits.random() if done else "the first build")
                # Caches are shared between the builds of `make serve`, one process, and those of `make build`.
                cached, clean = pair.build(serving=len(done) % 2 == 1, **edits.environment)
                found = rebuilds.differences(cached, clean)
                if sys.stderr.isatty():
                    print(f"\r{name}: {len(done) - 1} of {count}", end="", file=sys.stderr)
    seconds = round(time.monotonic() - start)
    print(f"{name}: {len(done) - 1} edits, seed {seed}, {seconds} s: {'they differ' if found else 'all the same'}")
    for line in [*done, "the builds differ:", *found] if found else ():
        print(f"  {line}")
    return {"project": name, "edits": len(done) - 1, "seed": seed, "seconds": seconds, "differences": found}


if __name__ == "__main__":
    sys.exit(main())
