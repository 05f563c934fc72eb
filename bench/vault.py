"""A vault of 1,000 notes with 10 links each: time and memory of a whole build, and time a note of our pass alone."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from handbook import frontmatter, pipeline, registry

ROOT = Path(__file__).resolve().parents[1]
NOTES = 1000
LINKS = 10


def generate(folder: Path) -> None:
    """Write the notes: links by name, a formula, lists, a callout, a fence, some text."""
    chance = random.Random(1)
    for number in range(NOTES):
        links = " ".join(f"[[note{chance.randrange(NOTES)}|链接]]" for _ in range(LINKS))
        path = folder / f"s{number % 20}" / f"note{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\ntitle: 笔记 {number}\naliases: [别名{number}]\n---\n## 一\n\n"
            f"正文 {links} $x_{{{number % 50}}}^2$。\n\n"
            "- 列表\n  - 二\n\n> [!note] 标注\n> 内容\n\n"
            + "普通的一段文字，说明这个机制。" * 20
            + "\n\n```python\nx = 1\n```\n",
            "utf-8",
        )


def passes(folder: Path) -> float:
    """Milliseconds a note for reading, indexing and normalising, without MkDocs."""
    start = time.process_time()
    notes = []
    for path in sorted(folder.rglob("*.md")):
        text = frontmatter.normalise(path.read_bytes())
        notes.append(registry.read_note(path.relative_to(folder).as_posix(), text, lambda tex: tex)[0])
    vault = registry.Vault(notes)
    for note in notes:
        pipeline.normalise(note, vault)
    return (time.process_time() - start) / NOTES * 1000


def main() -> None:
    """Generate, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        vault = Path(name) / "vault"
        generate(vault)
        ours = passes(vault)
        environment = {**os.environ, "DOCS_DIR": str(vault), "SITE_DIR": str(Path(name) / "site")}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "notes": NOTES,
        "links": NOTES * LINKS,
        "pass_ms_per_note": round(ours, 2),
        "build_wall_s": round(wall, 1),
        "build_cpu_ms_per_note": round((after.ru_utime - before.ru_utime) / NOTES * 1000, 1),
        # Linux counts kilobytes here, macOS bytes.
        "peak_memory_mb": round(after.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
