"""Formulas: one long-lived Node process renders them with KaTeX, a file on disk remembers them."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import IO, Any

from markdown_katex import extension, wrapper

from .mathtext import readable

__all__ = ["Formula", "Katex", "KatexError", "Rendered", "assets", "install", "readable"]

# MkDocs shows what is logged below `mkdocs`; a cache that had to be dropped is no problem of the notes: info.
log = logging.getLogger("mkdocs.handbook.formulas")

WORKER = Path(__file__).with_name("katex_worker.mjs")
PACKAGE = Path("node_modules/katex")
CACHE = Path(".cache/katex.sqlite")
BUSY_S = 30.0  # how long one build waits for another that is writing to the cache
AT_ONCE = 200  # rows written in one go, keys in a query; SQLite takes 999
TOKEN = re.compile(r"\$`([^`]*)`\$")


@dataclass(frozen=True)
class Formula:
    """A formula as it stands between its delimiters, and whether it has a line of its own."""

    tex: str
    display: bool

    @property
    def source(self) -> str:
        """The formula with its delimiters."""
        return f"$${self.tex}$$" if self.display else f"${self.tex}$"


_FENCES = re.compile(r"^([ \t>]*)(`{3,}|~{3,}).*?^[ \t>]*\2", re.M | re.S)
_QUOTES = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_DOLLARS = re.compile(
    r"(?<!\\)(?:\$\$(.+?)\$\$|\$([^\s$](?:[^$\n]*?[^\s$\\])??)\$(?!\d))|(`+)(?!`).+?(?<!`)\3(?!`)", re.S
)


def likely(text: str) -> list[Formula]:
    """The formulas of a note as a rough look finds them; to render them ahead, where a miss costs no more than time."""
    bare = _QUOTES.sub("", _FENCES.sub("", text))
    found = (Formula(m[1].strip(), True) if m[1] else Formula(m[2], False) for m in _DOLLARS.finditer(bare) if not m[3])
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Rendered:
    """KaTeX's HTML with MathML, the readable text, and KaTeX's message where the formula is wrong."""

    html: str
    text: str
    error: str | None


class KatexError(RuntimeError):
    """Node or KaTeX is missing or stopped: nothing can be rendered."""


class Katex:
    """Renders formulas; Node starts with the first that the cache does not hold, and stays until `close`."""

    def __init__(self, cache: Path = CACHE, package: Path = PACKAGE) -> None:
        """`cache` is an SQLite file, `package` the npm package's folder; KatexError where that is missing."""
        self.package = package
        self.rendered = 0  # formulas that Node rendered, and formulas that the cache held, since the start
        self.cached = 0
        self._cache = cache
        self._new: dict[str, Rendered] = {}  # not yet in the file
        self._node: subprocess.Popen[str] | None = None
        self._stderr: IO[str] | None = None
        try:
            version = json.loads((package / "package.json").read_text("utf-8"))["version"]
        except FileNotFoundError:
            raise KatexError(f"KaTeX is missing: there is no {package}/package.json; run `npm ci`.") from None
        # What decides the result besides the formula: KaTeX, its options (the worker), our text (mathtext).
        sources = (Path(__file__), Path(__file__).with_name("mathtext.py"), WORKER)
        self._salt = hashlib.sha256(version.encode() + b"".join(path.read_bytes() for path in sources)).digest()

    def __enter__(self) -> Katex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Keep what was rendered, and stop Node; a later `render` starts it again."""
        self.save()
        node, self._node = self._node, None
        if node is None:
            return
        assert node.stdin and node.stdout and self._stderr
        try:
            node.stdin.close()  # the worker ends where its input ends
            node.wait(timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            node.kill()
            node.wait()
        finally:
            node.stdout.close()
            self._stderr.close()

    def anew(self) -> Katex:
        """Another one with the same cache, for another process: two cannot talk to one Node."""
        return Katex(self._cache, self.package)

    def render(self, formulas: Sequence[Formula]) -> list[Rendered]:
        """Each formula rendered, in order; a wrong one comes back as its source with KaTeX's message."""
        keys = {formula: self._key(formula) for formula in formulas}
        known = {key: self._new[key] for key in keys.values() if key in self._new}
        known |= _read(self._cache, [key for key in keys.values() if key not in known])
        missing = [formula for formula, key in keys.items() if key not in known]
        if missing:
            new = {keys[formula]: answer for formula, answer in zip(missing, self._ask(missing), strict=True)}
            self._new |= new
            known |= new
            if len(self._new) >= AT_ONCE:
                self.save()
        self.rendered += len(missing)
        self.cached += len(keys) - len(missing)
        return [known[keys[formula]] for formula in formulas]

    @property
    def is_new(self) -> bool:
        """Whether there is no file yet."""
        return not self._cache.exists()

    def save(self) -> None:
        """Add to the file what it lacks."""
        new, self._new = self._new, {}
        if new:
            _write(self._cache, new)

    def _key(self, formula: Formula) -> str:
        mode = b"display" if formula.display else b"inline"
        return hashlib.sha256(b"\0".join((self._salt, mode, formula.tex.encode()))).hexdigest()

    def _ask(self, formulas: Sequence[Formula]) -> list[Rendered]:
        """Render in Node; a Node that stopped is started once more."""
        # One line there and one back: neither side ever writes while the other waits to write.
        request = json.dumps([{"tex": formula.tex, "display": formula.display} for formula in formulas]) + "\n"
        for _ in range(2):
            node = self._node or self._start()
            assert node.stdin and node.stdout and self._stderr
            try:
                node.stdin.write(request)
                node.stdin.flush()
                answers = json.loads(node.stdout.readline())
            except (OSError, ValueError):  # a broken pipe; an answer that ends early
                self._stderr.seek(0)
                why = next((line for line in self._stderr if "Error" in line), "no message").strip()
                self.close()
                continue
            return [_rendered(formula, answer) for formula, answer in zip(formulas, answers, strict=True)]
        raise KatexError(f"Node stopped twice while it rendered {len(formulas)} formulas ({why}).")

    def _start(self) -> subprocess.Popen[str]:
        program = shutil.which("node")
        if program is None:
            raise KatexError("Node is missing: KaTeX needs Node 18 or newer on the PATH to render formulas.")
        # A file, not a pipe: nobody reads it while Node runs, and a full pipe would stop Node.
        self._stderr = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (close)
        self._node = subprocess.Popen(
            [program, str(WORKER), str(self.package.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            encoding="utf-8",
        )
        return self._node


def _rendered(formula: Formula, answer: dict[str, str]) -> Rendered:
    if "html" in answer:
        return Rendered(answer["html"], readable(answer["html"]), None)
    message = answer["error"]
    html = f'<code class="formula-error" title="{escape(message)}">{escape(formula.source)}</code>'
    return Rendered(html, formula.source, message)


def _database(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=BUSY_S)
    # A cache may be lost with the machine's power: to wait for the disk after each page took longer than KaTeX.
    database.execute("PRAGMA synchronous = OFF")
    database.execute(
        "CREATE TABLE IF NOT EXISTS formulas (key TEXT PRIMARY KEY, html TEXT, text TEXT, error TEXT) WITHOUT ROWID"
    )
    return database


def _read(path: Path, keys: Iterable[str]) -> dict[str, Rendered]:
    """What the cache holds of `keys`; nothing, and a line in the log, where it cannot be read."""
    wanted = list(keys)
    known: dict[str, Rendered] = {}
    if not wanted:
        return known
    try:
        with closing(_database(path)) as database:
            for start in range(0, len(wanted), AT_ONCE):
                some = wanted[start : start + AT_ONCE]
                query = f"SELECT key, html, text, error FROM formulas WHERE key IN ({', '.join('?' * len(some))})"
                known |= {key: Rendered(*row) for key, *row in database.execute(query, some)}
        return known
    except (sqlite3.DatabaseError, OSError) as error:
        _drop(path, error)
        return {}


def _write(path: Path, new: dict[str, Rendered]) -> None:
    """Add to the cache, all or nothing."""
    rows = ((key, done.html, done.text, done.error) for key, done in new.items())
    try:
        with closing(_database(path)) as database, database:
            database.executemany("INSERT OR REPLACE INTO formulas VALUES (?, ?, ?, ?)", rows)
    except (sqlite3.DatabaseError, OSError) as error:
        _drop(path, error)


def _drop(path: Path, error: Exception) -> None:
    """Say what happened to the cache, and delete it where it is corrupt: the next use makes a new one."""
    # The subclass OperationalError is about the place, not the content: locked, read-only, a folder.
    if isinstance(error, sqlite3.OperationalError | OSError):
        log.info("Formulas: going on without the cache %s: %s", path, error)
        return
    log.info("Formulas: the cache %s is corrupt (%s) and starts anew", path, error)
    for name in (path, path.with_name(f"{path.name}-journal")):
        name.unlink(missing_ok=True)


def install(lookup: Callable[[str], str | None]) -> None:
    """Make markdown-katex show `lookup(token)` for each `` $`token`$ `` that `lookup` knows, no other.

    It then starts no process and has no folder for a cache. May be called again, with another `lookup`.
    """

    def tex2html(tex: str, options: object = None) -> str:
        html = lookup(tex)
        return escape(f"$`{tex}`$") if html is None else html

    def lines_out(preprocessor: Any, lines: Iterable[str]) -> Iterator[str]:
        # Stock, this finds code in a way of its own: it takes code in callouts for formulas, ```x``` for a
        # fence without end, and fails on a line that ends in $`x`. Our pass has found the code already.
        def tag(found: re.Match[str]) -> str:
            return found[0] if lookup(found[1]) is None else preprocessor._make_tag_for_inline(found[0])

        for line in lines:
            yield TOKEN.sub(tag, line)

    wrapper.tex2html = tex2html
    extension.KatexPreprocessor._iter_out_lines = lines_out
    # While this is empty the extension runs `katex --help` to learn its options; it needs none of them.
    wrapper._PARSED_OPTIONS["strict"] = ""


_WRITTEN = "\N{NO-BREAK SPACE}°±×…′−∓∗∘∝∞∣∥∩∪∼≈≠≡≤≥≪≫⊕⊙⊤⋅⋆⌈⌉⌊⌋⟨⟩←→↑↓↦⇒∂∅∇∈∑∏√ΓΔΘΛΠΣΦΨΩℓ"
USUAL = {
    "KaTeX_AMS-Regular": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",  # as \mathbb has them
    "KaTeX_Main-Bold": "".join(map(chr, range(0x20, 0x7F))) + _WRITTEN,
    "KaTeX_Main-Regular": "".join(map(chr, range(0x20, 0x7F))) + _WRITTEN,
}
"""The larger fonts, in halves (tools/fonts.py): one with these characters, one with all others."""


def usual(font: str) -> set[int]:
    """The code points of the first half of a font."""
    return set(map(ord, USUAL[font]))


def assets(package: Path = PACKAGE) -> list[tuple[str, bytes]]:
    """The files that the site serves below `assets/katex/`, by address: stylesheet, woff2 fonts, licence.

    The halves of the larger fonts are not among them: they are in overrides/, which MkDocs copies.
    """
    dist = package / "dist"
    css = (dist / "katex.min.css").read_text("utf-8")
    # Each browser since 2018 reads woff2; the other two formats are 70 % of the fonts' size.
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)
    fonts = sorted(set(re.findall(r"url\(([^)]*)\)", css)))
    strange = [font for font in fonts if not re.fullmatch(r"fonts/[\w-]+\.woff2", font)]
    if strange or not fonts:
        raise KatexError(f"The stylesheet of KaTeX has changed its fonts: {strange or 'none found'}.")
    whole = [font for font in fonts if Path(font).stem not in USUAL]
    if len(whole) != len(fonts) - len(USUAL):
        raise KatexError(f"KaTeX lacks a font of which overrides/ has the halves: one of {', '.join(USUAL)}.")
    css = re.sub(r"@font-face\{[^}]*\}", lambda face: _in_halves(face[0]), css)
    files = [(font, (dist / font).read_bytes()) for font in whole]
    return [("katex.min.css", css.encode()), *files, ("LICENSE", (package / "LICENSE").read_bytes())]


def _in_halves(face: str) -> str:
    """The rule of a font, or those of its halves, of which a browser loads what a page shows."""
    name = Path(re.search(r"url\(([^)]*)\)", face)[1]).stem  # type: ignore[index]
    if name not in USUAL:
        return face
    first = sorted(usual(name))
    rest = [(low + 1, high - 1) for low, high in zip([-1, *first], [*first, 0x110000], strict=True) if low + 1 < high]
    return "".join(
        face.replace(f"{name}.woff2", f"{name}.{half}.woff2").replace("}", f";unicode-range:{_ranges(spans)}}}")
        for half, spans in (("usual", [(code, code) for code in first]), ("rest", rest))
    )


def _ranges(spans: list[tuple[int, int]]) -> str:
    """Code points from … to as CSS has them, neighbours together."""
    joined: list[tuple[int, int]] = []
    for low, high in spans:
        if joined and joined[-1][1] + 1 == low:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in joined)
