"""What is built: a copy of this project, in which the benchmark may edit, and generated vaults."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = 25
"""Notes a folder, in a vault of any size."""
LINKS = 10
FORMULAS = 6

# What a user's shell may hold must not change what is measured.
_OURS = ("DOCS_DIR", "SITE_DIR", "SITE_URL", "REPOSITORY", "MENTIONS", "RENDER_CACHE", "KATEX_CACHE", "BUILD_WORKERS")


def copy(target: Path) -> Path:
    """A copy of this project as it is now, with its packages of Node and its history."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    (target / "node_modules").symlink_to(ROOT / "node_modules")
    # The pages show the days of the history, which is only read.
    history = ["git", "rev-parse", "--absolute-git-dir"]
    folder = subprocess.run(history, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    (target / ".git").write_text(f"gitdir: {folder}\n", "utf-8")
    subprocess.run([sys.executable, "-m", "compileall", "-q", "hooks"], cwd=target, check=True)
    return target


def environment(cache: Path, **more: str) -> dict[str, str]:
    """The environment of a build whose caches are in a folder."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    caches = {"RENDER_CACHE": str(cache / "render"), "KATEX_CACHE": str(cache / "katex.sqlite")}
    return kept | caches | {"NO_MKDOCS_2_WARNING": "1"} | more


def vault(folder: Path, notes: int) -> Path:
    """Write a vault of so many notes of one kind, with links by name and formulas that no other note has."""
    chance = random.Random(1)
    for number in range(notes):
        path = folder / f"s{number // FOLDER:03}" / f"note{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_note(number, [chance.randrange(notes) for _ in range(LINKS)]), "utf-8")
    return folder


def _note(number: int, linked: list[int]) -> str:
    links = [f"[[note{other}|链接]]" for other in linked]
    formulas = [rf"\frac{{x_{{{number}}}^{{{power}}}}}{{\sqrt{{n+{power}}}}}" for power in range(FORMULAS)]
    text = "普通的一段文字，说明这个机制怎样工作，以及它为什么这样工作。" * 8
    sections = [
        f"## 第 {index + 1} 节\n\n{text}见 {links[2 * index]} 与 {links[2 * index + 1]}，其中 ${formulas[index]}$。\n"
        for index in range(LINKS // 2)
    ]
    extra = [
        "- 列表\n  - 里面一层\n- 又一项\n",
        "> [!note] 标注\n> 内容。\n",
        "| 名字 | 值 |\n|---|---|\n| 甲 | $a_1$ |\n| 乙 | 2 |\n",
        "```python\ndef f(x):\n    return x + 1\n```\n",
        f"$$\n{formulas[-1]}\n$$\n",
    ]
    front = f"---\ntitle: 笔记 {number}\naliases: [别名 {number}]\ntags: [标签{number % 10}]\nsummary: 一句话。\n---\n"
    return "\n".join([front, *(part for pair in zip(sections, extra, strict=True) for part in pair)])


def mkdocs(*arguments: str) -> list[str]:
    """The command of MkDocs."""
    return [sys.executable, "-m", "mkdocs", *arguments]
