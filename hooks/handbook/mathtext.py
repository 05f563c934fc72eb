"""Readable text of a formula, from its MathML: for titles, the table of contents, search and cards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from xml.etree import ElementTree

# How a piece meets its neighbours: a closing bracket ends a factor, a relation has spaces around it, …
Kind = Literal[
    "atom", "group", "fraction", "root", "big", "open", "close", "add", "relation", "comma", "times", "space"
]

# Precedence of a whole expression, the tightest first; compared to decide on parentheses.
ATOM, PREFIX, PRODUCT, SUM, RELATION = range(5)

SUPERSCRIPT = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′″*†‡⊤°",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′″*†‡ᵀ°",
        strict=True,
    )
)
SUBSCRIPT = dict(zip("0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
# What KaTeX writes, and what a reader expects; the four invisible operators and the empty bracket vanish.
SYMBOL = str.maketrans("∗∣∥⋅∘ϵϕ", "*|‖·°εφ", "\u2061\u2062\u2063\u2064\u200b")
ACCENT = dict(
    zip(
        "^~ˉ‾˘˙¨˚ˇˋˊ\u20d7→←",
        "\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030a\u030c\u0300\u0301\u20d7\u20d7\u20d6",
        strict=True,
    )
)
BRACES = frozenset("⏞⏟⏠⏡⎴⎵")
BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂⨀")
ADD = frozenset("+−-±∓")
OPEN, CLOSE = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
# Symbols that Unicode files under "math" and that stand in a product, or alone, without spaces.
CLOSE_UP = frozenset("×·/|‖*°∂∇∞∀∃√∅⊤⊥⊙⊗⊕⊘¬′!%&⋯")
BARS = frozenset("|‖")
PREFIXES = frozenset("∂∇Δ#∀∃¬√")
SCRIPTS = frozenset((*SUPERSCRIPT.values(), *SUBSCRIPT.values(), "_", "^"))


@dataclass(frozen=True)
class Piece:
    """One piece of a formula; `word` says that its last letters form a word, which no letter may touch."""

    text: str
    kind: Kind = "atom"
    word: bool = False


START = Piece("", "space")


def readable(mathml: str) -> str:
    """Text, without TeX commands, of the first <math> in HTML or MathML: `softmax(QKᵀ/√dₖ)V`."""
    found = re.search(r"<math.*?</math>", mathml, re.DOTALL)
    if not found:
        raise ValueError(f"no <math> element in {mathml[:80]!r}")
    # XML has no control characters, HTML lets them through.
    xml = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", found[0])
    return text_of(pieces(ElementTree.fromstring(xml)))


def text_of(formula: Sequence[Piece], *, tight: bool = False) -> str:
    """The pieces in one string; `tight` leaves out the spaces around operators, as scripts need."""
    out = ""
    solid, bars = START, 0  # the last piece that is no space; how many | and ‖ there were
    for index, piece in enumerate(formula):
        before = formula[index - 1] if index else START
        after = formula[index + 1] if index + 1 < len(formula) else START
        text = piece.text
        # `(a/b)c`, not `a/bc`: a fraction or a root beside a factor needs a bracket.
        if piece.kind == "fraction" and (ends_factor(before) or starts_factor(after)):
            text = f"({text})"
        elif piece.kind == "root" and starts_factor(after) and not text.endswith(")"):
            text = f"√({text[1:]})"
        # A minus after a bar that opens, as in |−x|, has one operand; so has one after an operator.
        is_binary = piece.kind == "add" and ends_factor(solid) and not (solid.text in BARS and bars % 2)
        if is_binary or piece.kind == "relation":
            out += text if tight else f" {text} "
        elif piece.kind == "comma":
            out += text if tight else f"{text} "
        else:
            out += (" " if needs_space(before, piece, text) else "") + text
        bars += text[:1] in BARS
        solid = solid if piece.kind == "space" else piece
    return re.sub(r"\s+(?=[,;，；])", "", re.sub(r"\s+", " ", out)).strip()


def ends_factor(piece: Piece) -> bool:
    """Whether something that multiplies ends here."""
    return piece.kind in ("atom", "group", "fraction", "root", "big", "close")


def starts_factor(piece: Piece) -> bool:
    """Whether something that multiplies starts here."""
    return piece.kind in ("atom", "group", "fraction", "root", "big", "open")


def needs_space(before: Piece, piece: Piece, text: str) -> bool:
    """Whether a space keeps `n log n`, `d_model x` and `∑ᵢ xᵢ` apart."""
    if not (ends_factor(before) and starts_factor(piece)) or text[0] in SCRIPTS:
        return False
    if before.kind == "big":
        return True
    ended = before.text[-1].isalnum() or before.text[-1] in CLOSE
    if before.word and ended and (text[0].isalnum() or text[0] in PREFIXES or piece.kind == "big"):
        return True
    starts_word = piece.word and re.match("[A-Za-z]{2}|[\u4e00-\u9fff]", text)
    return bool(starts_word) and (ended or before.kind == "fraction")


def level(formula: Sequence[Piece]) -> int:
    """Precedence of the loosest operator outside brackets."""
    depth, factors, loosest = 0, 0, ATOM
    before = START
    for piece in formula:
        depth -= piece.kind == "close"
        if depth <= 0 and piece.kind != "space":
            if piece.kind in ("relation", "comma"):
                loosest = RELATION
            elif piece.kind == "add":
                loosest = max(loosest, SUM)
            elif piece.kind in ("times", "fraction", "big"):
                loosest = max(loosest, PRODUCT)
            elif piece.kind == "root":
                loosest = max(loosest, PREFIX)
            # The bracket of `f(x)` and the sign in `∂x` are no second factor.
            called = before.kind == "atom" and piece.kind in ("open", "group")
            factors += piece.kind in ("atom", "group", "root", "open") and not called and piece.text not in PREFIXES
        depth += piece.kind == "open"
        before = piece
    return max(loosest, PRODUCT) if factors > 1 else loosest


def bracketed(formula: Sequence[Piece], above: int, *, tight: bool = False) -> str:
    """The text, in parentheses where its precedence is looser than `above`."""
    text = text_of(formula, tight=tight)
    absolute = re.fullmatch(r"([|‖])[^|‖]+\1[₀-₉¹²³]*", text)
    return f"({text})" if level(formula) > above and not absolute else text


def pieces(node: ElementTree.Element) -> list[Piece]:
    """The pieces of a MathML element; those of nested rows follow one another."""
    tag = node.tag.rpartition("}")[2]
    match tag:
        case "mi" | "mn" | "mo" | "mtext" if not len(node):
            return token(tag, node)
        case "mspace":
            width = float((node.get("width") or "0").removesuffix("em") or 0)
            return [Piece(" ", "space")] if width > 0.1 or node.get("linebreak") else []
        case "annotation" | "mphantom":
            return []
        case "mfrac":
            return [fraction(node)]
        case "msqrt":
            return [root(row(node), "√")]
        case "mroot":
            index = text_of(pieces(node[1]), tight=True)
            sign = {"2": "√", "3": "∛", "4": "∜"}.get(index) or as_script(index, SUPERSCRIPT, "") + "√"
            return [root(pieces(node[0]), sign)]
        case "msub" | "munder":
            return script(node, node[1], None)
        case "msup" | "mover":
            return script(node, None, node[1])
        case "msubsup" | "munderover":
            return script(node, node[1], node[2])
        case "mtable":
            return table(node)
        case _:  # math, semantics, mrow, mstyle, mpadded, menclose, mtd, mo around something
            return row(node)


def token(tag: str, node: ElementTree.Element) -> list[Piece]:
    """One symbol, word, number or run of text."""
    raw = node.text or ""
    if tag == "mtext":
        # KaTeX's thin and negative spaces are text: \! holds U+2063, a quad does not come here.
        text = "" if "\u2063" in raw else raw
        if not text.strip():
            return [Piece(" ", "space")] if text else []
        return [Piece(re.sub(r"\s", " ", text), word=len(text) > 1)]
    text = styled(raw.translate(SYMBOL), node.get("mathvariant"))
    if not text:
        return []
    if tag == "mi" and len(text) > 1:
        return [Piece(text.replace("\u00a0", " "), word=True)]
    return [Piece(text, kind_of(text, tag))]


def styled(text: str, variant: str | None) -> str:
    """ℝ and ℒ are other letters than R and L; bold and upright ones are not, and stay easy to search."""
    style = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT"}.get(variant or "")
    if not style or len(text) != 1 or not text.isascii() or not text.isalnum():
        return text
    case = "DIGIT" if text.isdigit() else "CAPITAL" if text.isupper() else "SMALL"
    name = unicodedata.name(text).split()[-1]
    for prefix in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{prefix}{style} {case} {name}")
        except KeyError:
            continue
    return text


def kind_of(text: str, tag: str) -> Kind:
    """What a symbol does to its neighbours."""
    symbol = text[0]
    if symbol in OPEN:
        return "open"
    if symbol in CLOSE:
        return "close"
    if symbol in ADD:
        return "add"
    if symbol in BIG:
        return "big"
    if symbol in ",;，；":
        return "comma"
    if symbol in "×·/*":
        return "times"
    is_relation = symbol in ":=<>≔" or (unicodedata.category(symbol) == "Sm" and symbol not in CLOSE_UP)
    return "relation" if is_relation and (tag == "mo" or symbol == "≔") else "atom"


def row(node: ElementTree.Element) -> list[Piece]:
    """The children of a row; upright letters in a row of their own are one word, fences make one group."""
    children = list(node)
    found = [piece for child in children for piece in pieces(child)]
    if len(children) > 1 and all(is_upright(child) for child in children):
        return [Piece(text_of([replace(piece, word=False) for piece in found]), word=True)]
    fences = [(child.text or "") for child in children if child.get("fence") == "true"]
    if not node.tag.endswith("mrow") or not fences or len(children) < 2:
        return found
    if children[0].get("fence") != "true" and children[-1].get("fence") != "true":
        return found
    if children[0].get("minsize") or children[-1].get("minsize"):  # \big( is one bracket, not a pair
        return found
    if len(children) == 3 and children[1].tag.endswith("mfrac") and children[1].get("linethickness") == "0px":
        top, bottom = (text_of(pieces(part)) for part in children[1])
        return [Piece(f"C({top}, {bottom})", "group")]
    text = text_of(found)
    # `cases` has no right brace.
    return [Piece(text + "}" if fences == ["{"] and text[0] == "{" else text, "group")]


def is_upright(node: ElementTree.Element) -> bool:
    """Whether this can be part of a word set upright; signs such as ∂ are upright and cannot."""
    letter = node.get("mathvariant") == "normal" and (node.text or "").isalpha()
    return letter or node.tag.endswith(("mtext", "mn"))


def fraction(node: ElementTree.Element) -> Piece:
    """a/b, with parentheses around a sum above and around more than one factor below."""
    top, bottom = pieces(node[0]), pieces(node[1])
    above = ATOM if any(piece.kind == "fraction" for piece in top) and len(top) == 1 else PRODUCT
    return Piece(f"{bracketed(top, above)}/{bracketed(bottom, PREFIX)}", "fraction")


def root(inside: list[Piece], sign: str) -> Piece:
    """√x, √dₖ, or √(d_model) where it would be unclear how far the root reaches."""
    text = text_of(inside)
    unclear = len(inside) > 1 or level(inside) > ATOM or "_" in text or "^" in text or sign[0] not in "√∛∜"
    grouped = len(inside) == 1 and inside[0].kind == "group" and text[0] in OPEN
    return Piece(f"{sign}({text})" if unclear and not grouped else sign + text, "root")


def script(
    node: ElementTree.Element, below: ElementTree.Element | None, above: ElementTree.Element | None
) -> list[Piece]:
    """A base with something below and above it: sub- and superscripts, limits, accents, braces."""
    base = pieces(node[0])
    mark = (below if below is not None else above) if below is None or above is None else None
    symbol = (mark.text or "") if mark is not None and mark.tag.endswith("mo") else ""
    if symbol in BRACES and symbol:
        text = text_of(base)
        return [Piece(text if level(base) == ATOM else f"({text})", "group")]
    if node.get("accentunder"):
        return base
    if node.get("accent") and symbol in ACCENT:
        return [accented(base, symbol)]
    down = scripted(below, SUBSCRIPT, "_")
    up = scripted(above, SUPERSCRIPT, "^")
    if not base:  # a script before its base, as in {}^*x
        return [Piece(down + up)]
    last = base[-1]
    if len(base) > 1 and level(base) > ATOM:
        last = Piece(f"({text_of(base)})", "group")
    elif len(base) > 1:
        last = replace(last, text=text_of(base))
    elif last.kind in ("fraction", "root"):
        last = Piece(f"({last.text})", "group")
    ascii_script = "_" in down or "^" in up
    return [replace(last, text=last.text + down + up, word=last.word or ascii_script)]


def scripted(node: ElementTree.Element | None, table: dict[str, str], sign: str) -> str:
    """A sub- or superscript as text."""
    return as_script(text_of(pieces(node), tight=True).replace("′′", "″"), table, sign) if node is not None else ""


def as_script(text: str, table: dict[str, str], sign: str) -> str:
    """`text` in Unicode scripts if each character has one, else after `sign`, in brackets unless one word."""
    # Three letters or more are a word: `t_total` reads, and is found, better than `tₜₒₜₐₗ`.
    if all(char in table for char in text) and not re.search("[A-Za-z]{3}", text):
        return "".join(table[char] for char in text)
    one = len(text) == 1 or re.fullmatch(r"[A-Za-z][A-Za-z0-9]*|[0-9]+|[\u4e00-\u9fff]+", text)
    closed = text[0] in OPEN and text[-1] in CLOSE and not re.search(r"[()]", text[1:-1])
    return f"{sign}{text}" if one or closed else f"{sign}({text})"


def accented(base: list[Piece], symbol: str) -> Piece:
    """The base under its accent: a combining mark on one letter, `hat(AB)` on more."""
    text, mark = text_of(base), ACCENT[symbol]
    if symbol == "‾" and text.isalnum():
        return Piece(unicodedata.normalize("NFC", "".join(char + mark for char in text)))
    if len(base) == 1 and not re.search(r"[^\W\d_]", unicodedata.normalize("NFKD", text[1:])):
        return Piece(unicodedata.normalize("NFC", text[0] + mark + text[1:]))
    name = {"^": "hat", "~": "tilde", "ˉ": "bar", "‾": "bar", "→": "vec", "⃗": "vec"}.get(symbol, "")
    return Piece(f"{name}({text})", "group")


def table(node: ElementTree.Element) -> list[Piece]:
    """Rows joined by `; ` and cells by `, `, but the two columns of `aligned` by a space."""
    rows = [[text_of(pieces(cell)) for cell in line] for line in node]
    if node.get("width") == "100%":  # what \tag and numbered lines make: glue, formula, glue, number
        return [Piece("; ".join(" ".join(filter(None, cells)) for cells in rows))]
    between = " " if (node.get("columnalign") or "").startswith("right left") else ", "
    # The commas that authors write at the end of a cell of `cases` are there already.
    joined = (between.join(cell.rstrip(",，") for cell in cells if cell) for cells in rows if any(cells))
    return [Piece("; ".join(joined), "group")]
