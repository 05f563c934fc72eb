"""Lint the Chinese copy of Markdown files: AutoCorrect's rules on the text that a reader sees.

AutoCorrect reads plain Markdown; formulas, wikilinks, citations and front matter would be reported as
prose. So each line is first reduced to its visible text. Usage: python tools/copy_lint.py PATH...
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path

import autocorrect_py as autocorrect

ROOT = Path(__file__).resolve().parent.parent
CJK = r"[\u3400-\u4dbf\u4e00-\u9fff]"

FENCE = re.compile(r"^[>\s]*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})")
FRONT_MATTER_TEXT = re.compile(r"^(?:title|summary|description):\s*(.*)$")
MARKERS = re.compile(r"^[>\s]*(?:\[![^\]]+\][+-]?\s*|#{1,6}\s+|[-*+]\s+(?:\[.\]\s+)?)?|\s\^[\w-]+$")

# Shown as a word of Latin text, so a space belongs between it and Chinese.
WORDS = re.compile(
    r"(`+)(?!`).+?(?<!`)\1(?!`)"  # code
    r"|\$\$.+?\$\$|\$(?!\s)(?:\\.|[^$\\])+?(?<!\s)\$|\\\(.+?\\\)|\\\[.+?\\\]"  # math
    r"|https?://[\w./?=&#%:+~@-]+"
)
# Shown as nothing, as a mark, or as text that another page decides: no rule applies at its sides.
MARKS = re.compile(
    r"!\[\[[^\]]*\]\]"  # embed
    r"|\[\[[^\]|]*\]\]"  # wikilink, shown as its target's title
    r"|\[-?@[^\]]+\]|\[\^[^\]]+\]"  # citation, footnote mark
    r"|(?<!\S)#[^\s#]+"  # tag
    r"|<[/!a-zA-Z][^>]*>|\{[#.:][^}]*\}"  # HTML, attribute list
)
# Only the named text is shown; it runs on into its neighbours.
SHOWN = re.compile(r"\[\[[^\]|]*\|(?P<wiki>[^\]]*)\]\]|!?\[(?P<link>[^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"\*\*|==|~~|%%|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
# The space in `**结论。** 正文` sets the bold words off, so it is not a fault.
SPACED_EMPHASIS = re.compile(r"(?<=\s)(?:\*\*|==)|(?:\*\*|==)(?=\s)")

FULL_WIDTH = str.maketrans(",;:!?.", "，；：！？。")
# AutoCorrect leaves these alone, or asks for a space beside a half-width bracket.
PUNCTUATION = re.compile(rf"(?<={CJK})\s*[,;:!?](?!\w)|[,;:!?]\s*(?={CJK})|(?<={CJK})\.(?=\s|$)")
BRACKETS = re.compile(rf"(?<={CJK})\s*\(([^()]*)\)\s*")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield `(line number from 1, line)` of what is prose: not code, display math, comments or metadata."""
    fence, inside = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.lstrip("> \t")
        if number == 1 and line == "---":
            inside = "---"
        elif inside == "---":
            inside = "" if line == "---" else inside
            if found := FRONT_MATTER_TEXT.match(line):
                yield number, found[1].strip("\"'")
        elif fence:
            closing = bare.strip()
            if len(closing) >= len(fence) and set(closing) == {fence[0]}:
                fence = ""
        elif inside:
            inside = "" if inside in bare else inside
        elif opened := FENCE.match(line):
            fence = opened[1]
        elif (mark := next((m for m in ("$$", "%%") if bare.count(m) % 2), "")) or (
            bare.startswith("<!--") and "-->" not in bare
        ):
            inside = mark or "-->"
        else:
            yield number, line


def visible(line: str) -> tuple[str, dict[str, str]]:
    """Return what a reader sees of `line`, and what each placeholder in it (code, math, marks) stands for."""
    names = count(0xE000)  # the private use area: neither Chinese nor Latin to AutoCorrect
    held: dict[str, str] = {}

    def hold(shape: str, source: str) -> str:
        name = chr(next(names))
        held[name] = source
        return shape.format(name)

    line = WORDS.sub(lambda m: hold("x{}x", m[0]), line)
    line = MARKERS.sub("", line)
    line = SHOWN.sub(lambda m: m["wiki"] if m["wiki"] is not None else m["link"], line)
    line = MARKS.sub(lambda m: hold("{}", m[0]), line)
    line = SPACED_EMPHASIS.sub(lambda m: hold("{}", m[0]), line)
    return EMPHASIS.sub("", line).strip(), held


def corrected(text: str) -> str:
    """Return `text` as it should be written."""
    text = BRACKETS.sub(r"（\1）", text)
    text = PUNCTUATION.sub(lambda m: m[0].strip().translate(FULL_WIDTH), text)
    return str(autocorrect.format(text))


def lint(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield `(line, what stands there, what to write)` for each fault in the Markdown `text`."""
    for number, line in prose(text):
        shown, held = visible(line)
        # A line without Chinese is code, a name or English, with punctuation of its own.
        if not re.search(CJK, shown) or (better := corrected(shown)) == shown:
            continue
        for group in SequenceMatcher(None, shown, better, autojunk=False).get_grouped_opcodes(5):
            (_, i1, _, j1, _), (_, _, i2, _, j2) = group[0], group[-1]
            yield number, _restored(shown[i1:i2], held), _restored(better[j1:j2], held)


def _restored(text: str, held: dict[str, str]) -> str:
    # The edge of a fragment may have cut a placeholder's letters off.
    return re.sub("x?([\ue000-\uf8ff])x?", lambda m: held[m[1]], text)


def configure() -> None:
    """Load the rules of `.autocorrectrc` into AutoCorrect."""
    # The package's stub forgets this function.
    autocorrect.load_config((ROOT / ".autocorrectrc").read_text("utf-8"))  # type: ignore[attr-defined]


def main(paths: list[str]) -> int:
    """Print every fault in the files and folders `paths` as `file:line: …`; return 1 if there is one."""
    configure()
    faults = 0
    for path in map(Path, paths):
        if not path.exists():
            print(f"{path}: no such file or folder", file=sys.stderr)
            return 2
        for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            for line, old, new in lint(file.read_text("utf-8-sig")):
                faults += 1
                print(f"{file}:{line}: write “{new}”, not “{old}”")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
