"""The front matter of a note: YAML, or the JSON of the Digital Garden plugin, made safe for MkDocs."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

Read = TypeVar("Read")
# HTML forbids these; the passes use them as marks, which no note can then hold.
_NONCHARACTER = re.compile("[\ufdd0-\ufdef]")
_FENCED = re.compile(r"---[ \t]*\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


@dataclass(frozen=True)
class FrontMatter:
    """What a note says of itself; lists are lists of text, and `extra` holds the other keys as they were."""

    title: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""
    order: float | None = None
    published: bool = True
    permalinks: tuple[str, ...] = ()
    created: str = ""
    updated: str = ""
    concepts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_concept: bool = True
    """Whether a page in a section is the home of the concept that its slug names; `concept: false` says no."""
    difficulty: str = ""
    prerequisites: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A note's front matter, its body, the file line on which the body starts, and the faults found, as (line,
    message).
    """

    meta: FrontMatter
    body: str
    first_line: int
    faults: tuple[tuple[int, str], ...] = ()


def normalise(data: bytes) -> str:
    """The text of a file: no byte order mark, line ends as \\n; what is no UTF-8 or no character becomes U+FFFD."""
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return _NONCHARACTER.sub("\ufffd", text)


def read(text: str) -> Source:
    """Split a note's text into its front matter and its body."""
    match = _FENCED.match(text)
    if not match:
        return Source(FrontMatter(), text, 1)
    body, first_line = text[match.end() :], text.count("\n", 0, match.end()) + 1
    raw = match[1]
    try:
        data = json.loads(raw) if raw.lstrip().startswith("{") else quickly(yaml.load, raw)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # What PyYAML was reading (an open bracket, say) is where to mend; the end of the text is only where it noticed.
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else getattr(error, "lineno", 1) - 1)
        reason = getattr(error, "problem", None) or getattr(error, "msg", None) or str(error)
        return Source(FrontMatter(), body, first_line, ((line, f"front matter is not valid YAML: {reason}"),))
    if data is None:
        data = {}
    if not isinstance(data, dict):
        if ":" not in raw:
            # Two rules around text are not front matter.
            return Source(FrontMatter(), text, 1)
        return Source(FrontMatter(), body, first_line, ((2, "front matter must be `key: value` lines"),))
    meta, faults = _typed({str(key): value for key, value in data.items()}, raw)
    return Source(meta, body, first_line, tuple(faults))


class Loader(yaml.SafeLoader):
    """YAML as Obsidian reads it: dates stay the text that was written."""


class _QuickLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same in C, where PyYAML has it."""


Loader.yaml_implicit_resolvers = _QuickLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def quickly(read: Callable[..., Read], text: str) -> Read:
    """What `read(text, Loader=…)` gives, by the loader in C; what is wrong is said in the words of the other one."""
    # libyaml crashes where brackets or dashes are nested by the ten thousand.
    deep = sum(map(text.count, ("[", "{", "- ", "? "))) > 5000
    try:
        return read(text, Loader=Loader if deep else _QuickLoader)
    except yaml.YAMLError:
        return read(text, Loader=Loader)


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    # An escape such as "\\uFDD0" in JSON or YAML is read only now.
    return _NONCHARACTER.sub("\ufffd", str(value)).strip()


def _texts(value: object, split: str = "") -> tuple[str, ...]:
    values: list[object] = value if isinstance(value, list) else [value]
    if split and isinstance(value, str):
        values = list(re.split(split, value))
    return tuple(dict.fromkeys(text for text in map(_text, values) if text))


def _typed(data: dict[str, Any], raw: str) -> tuple[FrontMatter, list[tuple[int, str]]]:
    faults: list[tuple[int, str]] = []

    def line_of(key: str) -> int:
        found = re.search(rf"^[\"']?{re.escape(key)}[\"']?\s*:", raw, re.M)
        return 2 + (raw.count("\n", 0, found.start()) if found else 0)

    order = data.get("order")
    if order is not None and (isinstance(order, bool) or not isinstance(order, int | float)):
        faults.append((line_of("order"), f"front matter `order` must be a number, not {_text(order) or order!r}"))
        order = None
    concepts: dict[str, tuple[str, ...]] = {}
    listed = data.get("concepts") or {}
    if isinstance(listed, dict):
        concepts = {str(key): _texts(names) for key, names in listed.items()}
    else:
        faults.append(
            (
                line_of("concepts"),
                "front matter `concepts` must map an id to its names: `nf4: [NF4, NormalFloat 4-bit]`",
            )
        )
    known = {
        "title", "aliases", "alias", "tags", "tag", "summary", "order", "draft", "publish", "dg-publish", "permalink",
        "created",
        "updated", "concepts", "concept", "difficulty", "prerequisites",
    }  # fmt: skip
    meta = FrontMatter(
        title=_text(data.get("title")),
        aliases=_texts(data.get("aliases", data.get("alias"))),
        tags=tuple(tag.lstrip("#") for tag in _texts(data.get("tags", data.get("tag")), r"[,\s]+")),
        summary=_text(data.get("summary")),
        order=order,
        published=not _is(data.get("draft"), True)
        and not _is(data.get("publish"), False)
        and not _is(data.get("dg-publish"), False),
        permalinks=_texts(data.get("permalink")),
        created=_text(data.get("created")),
        updated=_text(data.get("updated")),
        concepts=concepts,
        is_concept=not _is(data.get("concept"), False),
        difficulty=_text(data.get("difficulty")),
        prerequisites=_texts(data.get("prerequisites")),
        extra={key: value for key, value in data.items() if key not in known},
    )
    return meta, faults


def _is(value: object, wanted: bool) -> bool:
    return value is wanted or (isinstance(value, str) and value.strip().lower() == str(wanted).lower())


def for_mkdocs(meta: FrontMatter) -> dict[str, Any]:
    """The keys that MkDocs and Material get: ours in their names, and Material's where the value is of a kind that it
    can use.
    """
    out: dict[str, Any] = {}
    extra = meta.extra
    if isinstance(extra.get("hide"), list):
        out["hide"] = [item for item in extra["hide"] if isinstance(item, str)]
    if isinstance(extra.get("search"), dict):
        out["search"] = extra["search"]
    for key in ("status", "subtitle", "robots"):
        if isinstance(extra.get(key), str):
            out[key] = extra[key]
    description = _text(extra.get("description")) or meta.summary
    if description:
        out["description"] = description
    if meta.title:
        out["title"] = meta.title
    if meta.tags:
        out["tags"] = list(meta.tags)
    if meta.updated:
        out["updated"] = meta.updated
    if meta.created:
        out["created"] = meta.created
    return out


def strict_line_breaks(vault: Path) -> bool:
    """Whether the vault's Obsidian settings join single newlines into one line."""
    settings = vault / ".obsidian" / "app.json"
    try:
        data = json.loads(settings.read_text("utf-8")) if settings.is_file() else {}
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("strictLineBreaks") is True
