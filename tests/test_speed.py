"""What hooks/handbook/speed.py puts in place of the libraries' functions makes what theirs make."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from handbook import speed
from markdown import Markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"
EXTENSIONS = [
    "admonition", "attr_list", "footnotes", "sane_lists", "tables", "toc", "pymdownx.details", "pymdownx.highlight",
    "pymdownx.mark", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.tilde",
]  # fmt: skip
# Each sign that a pattern needs, where it makes something and where it does not.
TEXTS = [
    "无一个记号", "`a` 与 ``b`c`` 与 \\`d` 和 \\\\`e`", "\\* \\_ \\a",
    "[一](a.md) [二][x] [x] [^1] ![图](b.png) ![x] !\\[y]",
    "<https://example.org> <a@example.org> <b>粗</b> <!-- c --> a < b", "两个空格  \n换行", "&amp; &#35; & b",
    "*斜* **粗** _斜_ __粗__ ***都*** a_b_c 2 * 3 * 4", "==标== ~~删~~ a = b ~ c", "**[`a`](b.md) ==c==** *d **e** f*",
    "[*a*](b \"c\") [a [b] c](d) **a *b** c*", "```python\nx = {1: 'a'}\n```\n\n```sh\necho $A\n```",
]  # fmt: skip
FOOT = '\n\n[x]: y.md "标题"\n\n[^1]: 脚注 *斜*\n'


# The libraries as they are, in a process that has never heard of the hooks.
PLAIN = """
import json, sys
from markdown import Markdown
extensions, texts = json.load(sys.stdin)
print(json.dumps([Markdown(extensions=extensions).convert(text) for text in texts]))
"""


def test_markdown_is_the_same() -> None:
    written = [path.read_text("utf-8") for path in sorted((DOCS / "attention").glob("*.md"))[:6]]
    texts = [text + FOOT for text in [*TEXTS, "\n\n".join(TEXTS), *written]]
    asked = json.dumps([EXTENSIONS, texts])
    plain = subprocess.run([sys.executable, "-c", PLAIN], input=asked, capture_output=True, text=True, check=True)
    speed.install()
    for text, expected in zip(texts, json.loads(plain.stdout), strict=True):
        # Twice: what is kept of the first time must not show.
        assert Markdown(extensions=EXTENSIONS).convert(text) == expected
        assert Markdown(extensions=EXTENSIONS).convert(text) == expected


def test_each_pattern_is_known() -> None:
    """One that is not is only slower; all are, as long as Markdown has the patterns that it has."""
    patterns = [each.pattern for each in Markdown(extensions=EXTENSIONS).inlinePatterns]
    unknown = [pattern for pattern in patterns if pattern not in speed.NEEDED]
    assert len(unknown) <= 1, unknown  # HTML's, which is long and changes
