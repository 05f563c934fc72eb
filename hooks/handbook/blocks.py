"""Block structure of a note: a text becomes a tree of blocks, and a tree becomes Python-Markdown's Markdown.

The rules are CommonMark's, loosened where Obsidian's authors rely on more: any indentation of two columns nests a list,
a list or a
table may follow a paragraph line, and display math keeps its lines together. Every block knows its first line in the
file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

TAB = 4


@dataclass
class Block:
    """A block that starts at `line` of its file; `id` is its Obsidian block id (without the caret)."""

    line: int
    id: str = field(default="", kw_only=True)


@dataclass
class Leaf(Block):
    """A block made of text lines, without the marks of the containers around it."""

    lines: list[str]

    @property
    def text(self) -> str:
        """The lines as one string."""
        return "\n".join(self.lines)


class Paragraph(Leaf):
    """Running text, display math included."""


class Table(Leaf):
    """A pipe table: header row, delimiter row, body rows."""


class Html(Leaf):
    """An HTML block (CommonMark section 4.6)."""


class Code(Leaf):
    """An indented code block."""


class Rule(Leaf):
    """A thematic break."""


@dataclass
class Heading(Leaf):
    """A heading of `level` 1 to 6; `anchor` is the HTML id that the registry gave it."""

    level: int
    anchor: str = ""


@dataclass
class Fence(Leaf):
    """A fenced code block; `lines` is its body."""

    info: str
    closed: bool = True


@dataclass
class Container(Block):
    """A block that holds blocks."""

    children: list[Block]


class Quote(Container):
    """A block quote."""


@dataclass
class Callout(Container):
    """An Obsidian callout: `kind` in lower case, `fold` is "", "+" (open) or "-" (closed), `title` is Markdown.

    `mark` is what follows the kind: `难` in `[!question|难]`.
    """

    kind: str
    fold: str
    title: str
    mark: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it asks: Obsidian has three names for that."""
        return self.kind in ("question", "help", "faq")


@dataclass
class Item(Container):
    """A list item."""


@dataclass
class List(Container):
    """A list of Items: `marker` is the bullet, or the delimiter after the number."""

    marker: str
    start: int
    tight: bool

    @property
    def ordered(self) -> bool:
        """Whether the items are numbered."""
        return self.marker in ".)"


@dataclass
class Footnote(Container):
    """A footnote definition."""

    label: str


@dataclass
class Embed(Container):
    """Blocks of another note, `source`, shown in this one; `number` tells the embeds of a page apart."""

    source: str
    number: int


@dataclass
class State:
    """What one parse carries along: the faults found, as (line, message), and how deep the containers are nested."""

    faults: list[tuple[int, str]] = field(default_factory=list)
    depth: int = 0
    # Closers that a search to the end of a run of lines did not find, so that no text makes the search quadratic.
    missing: set[str] = field(default_factory=set)


Line = tuple[int, str]

MAX_DEPTH = 30
"""Containers nested deeper than this are read as text."""

_FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+(?=\S)|[ \t]*$)")
_CALLOUT = re.compile(r"\[!([^\]\n]+)\]([+-]?)[ \t]*(.*)$")
_FOOTNOTE = re.compile(r" {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
_DELIMITER = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BLOCK_ID = re.compile(r"(?:^|[ \t]+)\^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*$")
_COMMENT = re.compile(r" {0,3}%%")

_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption"
    "|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup"
    "|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul|video|audio|svg"
)
_HTML_OPEN = [
    (
        re.compile(r" {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (re.compile(r" {0,3}<!--"), re.compile(r"-->")),
    (re.compile(r" {0,3}<\?"), re.compile(r"\?>")),
    (re.compile(r" {0,3}<![A-Za-z]"), re.compile(r">")),
    (re.compile(rf" {{0,3}}</?(?:{_BLOCK_TAGS})(?:[\s>]|/>|$)", re.I), None),
]
_HTML_LONE = re.compile(r" {0,3}(?:<[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|</[A-Za-z][A-Za-z0-9-]*\s*>)[ \t]*$")


def columns(text: str) -> int:
    """Width of the leading white space, tabs to the next multiple of four."""
    width = 0
    for char in text:
        if char == " ":
            width += 1
        elif char == "\t":
            width += TAB - width % TAB
        else:
            break
    return width


def dedent(text: str, width: int) -> str:
    """`text` without up to `width` leading columns; a tab cut in two leaves spaces."""
    column = 0
    for index, char in enumerate(text):
        if column >= width or char not in " \t":
            return " " * (column - width) + text[index:]
        column += 1 if char == " " else TAB - column % TAB
    return " " * max(0, column - width)


def parse(text: str, first_line: int = 1) -> tuple[list[Block], list[tuple[int, str]]]:
    """The blocks of a note's body (line ends normalised) whose first line is `first_line` of the file, and its faults
    (line, message).
    """
    state = State()
    lines = [(first_line + index, line) for index, line in enumerate(text.split("\n"))]
    return _parse(lines, state, in_list=False), state.faults


def _parse(lines: Sequence[Line], state: State, in_list: bool) -> list[Block]:
    blocks: list[Block] = []
    at = 0
    state.depth += 1
    outer, state.missing = state.missing, set()
    while at < len(lines):
        if not lines[at][1].strip():
            at += 1
            continue
        for rule in _RULES if state.depth <= MAX_DEPTH else ():
            found = rule(lines, at, state, in_list)
            if found:
                block, at = found
                break
        else:
            block, at = _paragraph(lines, at, state, in_list)
        if isinstance(block, Paragraph) and not block.lines:
            continue
        blocks.append(block)
    state.depth -= 1
    state.missing = outer
    return _attach_ids(blocks)


Found = tuple[Block, int] | None


def _comment(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    """A block comment `%%…%%`, which leaves nothing; one that ends on its own line is left to the inline pass."""
    number, text = lines[at]
    if not _COMMENT.match(text) or text.count("%%") != 1:
        return None
    for end in range(at + 1, len(lines)):
        if "%%" in lines[end][1]:
            rest = lines[end][1].split("%%", 1)[1].strip()
            return Paragraph(lines[end][0], [rest] if rest else []), end + 1
    state.faults.append((number, "comment %% is never closed: add %% where it ends"))
    return None


def _fence(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    opened = _FENCE.match(text)
    if not opened:
        return None
    indent, marker, info = len(opened[1]), opened[2], opened[3].strip()
    close = re.compile(rf" {{0,3}}{re.escape(marker[0])}{{{len(marker)},}}[ \t]*$")
    for end in range(at + 1, len(lines)):
        if close.match(lines[end][1]):
            return Fence(number, [dedent(line, indent) for _, line in lines[at + 1 : end]], info), end + 1
    state.faults.append(
        (number, f"code fence {marker} is never closed: add {marker} on a line of its own where the code ends")
    )
    return Fence(number, [dedent(line, indent) for _, line in lines[at + 1 :]], info, closed=False), len(lines)


def _heading(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    match = _HEADING.match(text)
    return (Heading(number, [match[2] or ""], len(match[1])), at + 1) if match else None


def _rule(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    return (Rule(number, [text.strip()]), at + 1) if _RULE.match(text) else None


def _html(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    if "<" not in text[:4]:
        return None
    for opening, closing in _HTML_OPEN:
        if opening.match(text):
            end = at
            while end < len(lines):
                line = lines[end][1]
                if closing is None and not line.strip():
                    break
                end += 1
                if closing is not None and closing.search(line):
                    break
            else:
                if closing is not None:
                    state.faults.append(
                        (number, f"HTML {text.strip()[:20]} is never closed: everything below it is lost in it")
                    )
            return Html(number, [line for _, line in lines[at:end]]), end
    if _HTML_LONE.match(text):
        end = at
        while end < len(lines) and lines[end][1].strip():
            end += 1
        return Html(number, [line for _, line in lines[at:end]]), end
    return None


def _indented(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    if columns(text) < TAB or (in_list and _ITEM.match(text)):
        return None
    end = last = at
    while end < len(lines) and (not lines[end][1].strip() or columns(lines[end][1]) >= TAB):
        if lines[end][1].strip():
            last = end
        end += 1
    return Code(number, [dedent(line, TAB) for _, line in lines[at : last + 1]]), last + 1


def _quote(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    if not _QUOTE.match(text):
        return None
    inner: list[Line] = []
    fence = ""
    end = at
    while end < len(lines):
        line_number, line = lines[end]
        mark = _QUOTE.match(line)
        if mark:
            line = line[mark.end() :]
            fence = _fence_state(fence, line)
        elif fence or not _is_text(inner[-1][1]) or _ends_lazy(lines, end, in_list):
            break
        inner.append((line_number, line))
        end += 1
    callout = _CALLOUT.match(inner[0][1])
    if callout:
        kind, _, named = (part.strip() for part in callout[1].partition("|"))
        children = _parse(inner[1:], state, in_list=False)
        return Callout(number, children, kind.lower(), callout[2], callout[3].strip(), named), end
    return Quote(number, _parse(inner, state, in_list=False)), end


def _fence_state(fence: str, line: str) -> str:
    """The marker of the fence that is open after `line`, or nothing."""
    match = _FENCE.match(line)
    if fence:
        closes = match and match[2][0] == fence[0] and len(match[2]) >= len(fence) and not match[3]
        return "" if closes else fence
    return match[2] if match else ""


def _is_text(line: str) -> bool:
    """Whether a paragraph can go on after `line` (the inner text of the container before)."""
    inner = line
    while mark := _QUOTE.match(inner) or _ITEM.match(inner):
        inner = inner[mark.end() :]
    return bool(inner.strip()) and not (_HEADING.match(inner) or _RULE.match(inner) or _FENCE.match(inner))


def _list(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    first = _ITEM.match(text)
    if not first or (columns(text) >= TAB and not in_list) or _RULE.match(text):
        return None
    marker, base = first[2][-1], columns(text)
    items: list[Block] = []
    tight = True
    while at < len(lines):
        number, text = lines[at]
        match = _ITEM.match(text)
        if not match or match[2][-1] != marker or _RULE.match(text) or columns(text) >= base + 2:
            break
        base = columns(text)
        inner, at, blank_inside = _item_lines(lines, at, match)
        children = _parse(inner, state, in_list=True)
        # A list is loose when blank lines stand between its items or between the blocks of an item, not inside a nested
        # block.
        if blank_inside and len(children) > 1 and _blank_between(inner, children):
            tight = False
        item = Item(number, children)
        if children and isinstance(children[0], Paragraph) and children[0].id:
            item.id, children[0].id = children[0].id, ""
        items.append(item)
        after = at
        while after < len(lines) and not lines[after][1].strip():
            after += 1
        follows = after < len(lines) and _ITEM.match(lines[after][1])
        if follows and follows[2][-1] == marker and columns(lines[after][1]) < base + 2:
            tight = tight and after == at
            at = after
    start = int(first[2][:-1]) if marker in ".)" else 0
    return List(items[0].line, items, marker, start, tight), at


def _blank_between(inner: Sequence[Line], children: Sequence[Block]) -> bool:
    blank = {number for number, line in inner if not line.strip()}
    return any(child.line - 1 in blank for child in children[1:])


def _item_lines(lines: Sequence[Line], at: int, match: re.Match[str]) -> tuple[list[Line], int, bool]:
    """The lines of the item that starts at `at`, without its indentation; the index after it; whether a blank line is
    inside.
    """
    number, text = lines[at]
    base = columns(text)
    gap = columns(text[match.end(2) :]) if text[match.end(2) :].strip() else 1
    # Five columns or more after the marker are an indented code block inside the item (CommonMark section 5.2, rule 2).
    width = base + len(match[2]) + (gap if gap <= TAB else 1)
    head = " " * (base + len(match[2])) + text[match.end(2) :].expandtabs(TAB)
    inner: list[Line] = [(number, dedent(head, width))]
    fence = _fence_state("", inner[0][1])
    end, blank = at + 1, False
    while end < len(lines):
        line_number, line = lines[end]
        if not line.strip():
            ahead = end
            while ahead < len(lines) and not lines[ahead][1].strip():
                ahead += 1
            if ahead == len(lines) or columns(lines[ahead][1]) < base + 2:
                break
            inner.extend((n, "") for n, _ in lines[end:ahead])
            blank, end = True, ahead
            continue
        if columns(line) >= base + 2:
            line = dedent(line, width)
            fence = _fence_state(fence, line)
        elif fence or not _is_text(inner[-1][1]) or _ends_lazy(lines, end, True):
            break
        inner.append((line_number, line))
        end += 1
    return inner, end, blank


def _ends_lazy(lines: Sequence[Line], at: int, in_list: bool) -> bool:
    """Whether the line cannot go on the paragraph of the container before it (an underline would, but never lazily)."""
    text = lines[at][1]
    return not text.strip() or bool(_RULE.match(text) or _SETEXT.match(text)) or _starts_block(lines, at, in_list)


def _footnote(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    number, text = lines[at]
    match = _FOOTNOTE.match(text)
    if not match:
        return None
    inner: list[Line] = [(number, match[2])]
    end = at + 1
    while end < len(lines):
        line_number, line = lines[end]
        if not line.strip():
            ahead = end
            while ahead < len(lines) and not lines[ahead][1].strip():
                ahead += 1
            if ahead == len(lines) or columns(lines[ahead][1]) < 2:
                break
        elif columns(line) < 2 and (not inner[-1][1].strip() or _starts_block(lines, end, in_list)):
            break
        inner.append((line_number, dedent(line, TAB)))
        end += 1
    return Footnote(number, _parse(inner, state, in_list=False), match[1]), end


def _table(lines: Sequence[Line], at: int, state: State, in_list: bool) -> Found:
    if not _is_table(lines, at):
        return None
    end = at + 2
    while end < len(lines) and lines[end][1].strip() and not _starts_block(lines, end, in_list):
        end += 1
    return Table(lines[at][0], [line for _, line in lines[at:end]]), end


def _is_table(lines: Sequence[Line], at: int) -> bool:
    if at + 1 >= len(lines):
        return False
    head, rule = lines[at][1], lines[at + 1][1]
    return "|" in head and "-" in rule and bool(_DELIMITER.match(rule)) and len(cells(head)) == len(cells(rule))


def cells(row: str) -> list[str]:
    """The cells of a table row, split at pipes that no backslash escapes; the escapes stay."""
    row = row.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]


def _paragraph(lines: Sequence[Line], at: int, state: State, in_list: bool) -> tuple[Block, int]:
    number = lines[at][0]
    text: list[str] = []
    end = at
    while end < len(lines):
        line = lines[end][1]
        if not line.strip() or (end > at and (_is_table(lines, end) or _starts_block(lines, end, in_list))):
            break
        if end > at and (setext := _SETEXT.match(line)):
            return Heading(number, ["\n".join(text)], 1 if "=" in setext[1] else 2), end + 1
        text.append(line.strip(" \t") if end == at else line.lstrip(" \t"))
        end += 1
        closing = _open_math(line)
        if closing:
            stop = None
            if closing not in state.missing:
                stop = next((index for index in range(end, len(lines)) if closing in lines[index][1]), None)
            if stop is None and closing not in state.missing:
                state.missing.add(closing)
                state.faults.append((lines[end - 1][0], f"formula is never closed: add {closing} where it ends"))
            if stop is not None:
                text.extend(line for _, line in lines[end : stop + 1])
                end = stop + 1
    return Paragraph(number, text), end


def _open_math(line: str) -> str:
    """What closes the display formula that `line` leaves open, or nothing."""
    if "$$" not in line and "\\[" not in line:
        return ""
    bare = re.sub(r"(`+)(?:(?!\1).)+?\1|\\[\\$]", "", line)
    if bare.count("$$") % 2:
        return "$$"
    if re.search(r"\\\[\s*$", bare):
        return "\\]"
    return ""


def _starts_block(lines: Sequence[Line], at: int, in_list: bool) -> bool:
    """Whether the line interrupts a paragraph (CommonMark: an empty item, and a list not from 1, do not)."""
    text = lines[at][1]
    if columns(text) >= TAB and not in_list:
        return False
    item = _ITEM.match(text)
    if item and text[item.end() :].strip() and (in_list or item[2] in ("-", "*", "+", "1.", "1)")):
        return True
    if _COMMENT.match(text) and text.count("%%") == 1:
        return any("%%" in line for _, line in lines[at + 1 :])
    return bool(
        _QUOTE.match(text)
        or _HEADING.match(text)
        or _FENCE.match(text)
        or (_RULE.match(text) and not _SETEXT.match(text))
        or _FOOTNOTE.match(text)
        or any(opening.match(text) for opening, _ in _HTML_OPEN)
    )


_RULES: list[Callable[[Sequence[Line], int, State, bool], Found]] = [
    _comment, _fence, _indented, _heading, _rule, _quote, _list, _footnote, _html, _table,
]  # fmt: skip


def _attach_ids(blocks: list[Block]) -> list[Block]:
    """Take `^id` off the end of a block; a paragraph that is nothing else names the block before it."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph | Heading | Table) and block.lines:
            match = _BLOCK_ID.search(block.lines[-1])
            if match:
                block.lines[-1] = block.lines[-1][: match.start()]
                if isinstance(block, Paragraph) and not block.text.strip():
                    # Without a block before it, the id stands for an empty one.
                    if not out:
                        out.append(Html(block.line, [""]))
                    out[-1].id = match[1]
                    continue
                block.id = match[1]
                if not isinstance(block, Heading) and not block.lines[-1].strip():
                    block.lines.pop()
        out.append(block)
    return out


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, parents before their children."""
    for block in blocks:
        yield block
        if isinstance(block, Container):
            yield from walk(block.children)
