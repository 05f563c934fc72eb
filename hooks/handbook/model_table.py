"""Tables of the models: a ```models fence in a note becomes one, whole without scripts (columns, filter, caption)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import yaml

from . import blocks, links
from .frontmatter import quickly
from .models import KINDS, TOLERANCE, UNITS, Model, deviation, number
from .report import Problem

STYLE, SCRIPT = "assets/models/models.css", "assets/models/models.js"

UNKNOWN, NONE = "未公开", "—"


@dataclass(frozen=True)
class Cell:
    """A cell: its HTML, and what it sorts by (nothing: last)."""

    html: str
    sort: float | str | None = None


@dataclass(frozen=True)
class Column:
    """A column: its head, its cells, and the class that styles them."""

    title: str
    cell: Callable[[Model], Cell]
    style: str = ""


def sparsity(model: Model) -> str:
    """稠密 or MoE, where that is known."""
    if model["experts"]:
        return "MoE"
    return "稠密" if model["layers"] else UNKNOWN


def short(value: float) -> str:
    """A count in four digits: 8.030B."""
    unit = next((unit for unit in "TBM" if value >= UNITS[unit]), "K")
    scaled = value / UNITS[unit]
    return f"{scaled:.{max(0, 3 - len(str(int(scaled))) + 1)}f}{unit}"


def digits(value: int) -> str:
    """A whole number in groups of three."""
    return f"{value:,}".replace(",", "\N{THIN SPACE}")


def tokens(value: int) -> str:
    """A length in tokens: 128K where it is a power of two, or so many times 4096."""
    if value >= 1024 and (value & (value - 1) == 0 or value % 4096 == 0):
        return f"{value // 1024**2}M" if value % 1024**2 == 0 else f"{value // 1024}K"
    return digits(value)


def _plain(key: str) -> Callable[[Model], Cell]:
    return lambda model: Cell(escape(str(model[key])), str(model[key])) if model[key] else Cell(UNKNOWN)


def _number(key: str, absent: str = "") -> Callable[[Model], Cell]:
    """A whole number; `absent` stands where a model whose shapes are public has none."""

    def cell(model: Model) -> Cell:
        if model[key]:
            return Cell(digits(model[key]), model[key])
        return Cell(absent if absent and model["layers"] else UNKNOWN)

    return cell


def _kind(model: Model) -> Cell:
    return Cell(KINDS[model["kind"]], model["kind"]) if model["kind"] else Cell(UNKNOWN)


def _kv_heads(model: Model) -> Cell:
    if model["mla"]:
        return Cell("MLA")
    value = model["kv_heads"] or model["heads"]
    return Cell(digits(value), value) if value else Cell(UNKNOWN)


def _head_dim(model: Model) -> Cell:
    if mla := model["mla"]:
        return Cell(f"{mla['nope']} + {mla['rope']}", mla["nope"] + mla["rope"])
    value = model["head_dim"] or (model["hidden"] // model["heads"] if model["heads"] else None)
    return Cell(digits(value), value) if value else Cell(UNKNOWN)


def _experts(model: Model) -> Cell:
    if not (experts := model["experts"]):
        return Cell(NONE if model["layers"] else UNKNOWN)
    routed, active, inner = (experts[key] for key in ("routed", "active", "ffn"))
    shared = f" + {experts['shared']} 共享" if "shared" in experts else ""
    chosen = f" + {experts['zero']} 零计算，平均选 {active}" if "zero" in experts else f" 选 {active}"
    return Cell(f"{routed}{chosen}{shared}，宽 {inner}", routed)


def _tied(model: Model) -> Cell:
    return Cell(UNKNOWN) if model["tied"] is None else Cell("是" if model["tied"] else "否", int(model["tied"]))


def _size(key: str) -> Callable[[Model], Cell]:
    def cell(model: Model) -> Cell:
        if model[key]:
            return Cell(model[key], number(model[key]))
        return Cell(NONE if key == "active" and sparsity(model) == "稠密" else UNKNOWN)

    return cell


def percent(share: float) -> str:
    """A deviation as a table shows it: +0.38 %."""
    return f"{share * 100:+.2f}\N{NO-BREAK SPACE}%".replace("-", "\N{MINUS SIGN}")


def _computed(key: str) -> Callable[[Model], Cell]:
    def cell(model: Model) -> Cell:
        if model.count is None or (key == "active" and not model["experts"]):
            return Cell(NONE)
        value: int = getattr(model.count, key)
        off = deviation(model, key)
        far = ' class="far"' if off is not None and abs(off) > TOLERANCE else ""
        shown = f" <small{far}>{percent(off)}</small>" if off is not None else ""
        return Cell(f"{short(value)}{shown}", value)

    return cell


def _exact(model: Model) -> Cell:
    return Cell(digits(model.count.total), model.count.total) if model.count else Cell(NONE)


def _deviation(model: Model) -> Cell:
    off = deviation(model, "total")
    return Cell(percent(off), abs(off)) if off is not None else Cell(NONE)


def _context(model: Model) -> Cell:
    return Cell(tokens(model["context"]), model["context"]) if model["context"] else Cell(UNKNOWN)


def _sources(model: Model) -> Cell:
    shown = "、".join(
        f'<a href="{escape(url)}">{escape(_source_name(url))}</a>' for url in dict.fromkeys(model["sources"])
    )
    return Cell(shown)


def _source_name(url: str) -> str:
    """A short name for a source: an arXiv number, or the site."""
    arxiv = re.match(r"https://arxiv\.org/abs/([\w.]+)", url)
    host = re.sub(r"^https://(www\.)?", "", url).split("/")[0]
    known = {
        "github.com": "GitHub",
        "huggingface.co": "Hugging Face",
        "cdn.openai.com": "OpenAI",
        "openai.com": "OpenAI",
    }
    return f"arXiv:{arxiv[1]}" if arxiv else known.get(host, host)


def _note(model: Model) -> Cell:
    return Cell(escape(model["note"])) if model["note"] else Cell("")


NUMBER = "number"
COLUMNS: dict[str, Column] = {
    "maker": Column("机构", _plain("maker")),
    "date": Column("日期", _plain("date")),
    "kind": Column("类型", _kind),
    "layers": Column("层数", _number("layers"), NUMBER),
    "hidden": Column("隐藏维", _number("hidden"), NUMBER),
    "heads": Column("头数", _number("heads"), NUMBER),
    "kv_heads": Column("KV 头数", _kv_heads, NUMBER),
    "head_dim": Column("头维", _head_dim, NUMBER),
    "ffn": Column("FFN 宽", _number("ffn", NONE), NUMBER),
    "experts": Column("专家", _experts),
    "vocab": Column("词表", _number("vocab"), NUMBER),
    "tied": Column("嵌入绑定", _tied),
    "context": Column("上下文", _context, NUMBER),
    "tokens": Column("训练 token", _size("tokens"), NUMBER),
    "position": Column("位置编码", _plain("position")),
    "norm": Column("归一化", _plain("norm")),
    "activation": Column("激活函数", _plain("activation")),
    "licence": Column("许可证", _plain("licence")),
    "total": Column("总参数", _size("total"), NUMBER),
    "computed": Column("计算值", _computed("total"), NUMBER),
    "exact": Column("计算值（个）", _exact, NUMBER),
    "deviation": Column("偏差", _deviation, NUMBER),
    "active": Column("激活参数", _size("active"), NUMBER),
    "computed_active": Column("激活计算值", _computed("active"), NUMBER),
    "note": Column("说明", _note, "note"),
    "sources": Column("来源", _sources),
}
FILTERS: dict[str, Callable[[Model], Any]] = {
    "id": lambda model: model["id"],
    "concept": lambda model: model["concept"],
    "maker": lambda model: model["maker"],
    "kind": lambda model: model["kind"],
    "moe": lambda model: bool(model["experts"]),
    "counted": lambda model: model.count is not None,
}
_OPTIONS = ("columns", "filter", "caption")


def show(tree: list[blocks.Block], path: str, listed: Sequence[Model], href: Callable[[str], str]) -> Iterator[Problem]:
    """Replace the ```models fences of a note's blocks by tables, in place; gives what is wrong with the fences.

    `href` gives the address of a concept's home, for raw HTML.
    """
    for index, block in enumerate(tree):
        if isinstance(block, blocks.Container):
            yield from show(block.children, path, listed, href)
        elif isinstance(block, blocks.Fence) and block.info.split()[:1] == ["models"]:
            query, faults = _query(block)
            yield from (Problem(path, line, "models", message) for line, message in faults)
            if not faults:
                shown = table(query, listed, href)
                tree[index] = blocks.Html(block.line, shown.split("\n"), id=block.id)


def _query(fence: blocks.Fence) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """What a fence asks for, and what it cannot have; lines are the file's."""
    try:
        query = quickly(yaml.load, fence.text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or error
        return {}, [(fence.line + 1 + (mark.line if mark else 0), f"models: not valid YAML: {reason}")]
    if not isinstance(query, dict):
        return {}, [
            (fence.line, "models: write `columns:`, `filter:` or `caption:` lines, or nothing for every column")
        ]

    def line(word: object) -> int:
        at = next((index for index, text in enumerate(fence.lines) if str(word) in text), -1)
        return fence.line + 1 + at

    faults = [
        (line(key), f"models: `{key}` is no option: use {', '.join(_OPTIONS)}") for key in query.keys() - {*_OPTIONS}
    ]
    columns, wanted = query.get("columns", []), query.get("filter", {})
    if not isinstance(columns, list):
        faults.append((line("columns"), "models: `columns` must be a list: [maker, date, layers]"))
    else:
        faults += [
            (line(each), f"models: there is no column {each}: use {', '.join(COLUMNS)}")
            for each in columns
            if each not in COLUMNS
        ]
    if not isinstance(wanted, dict):
        faults.append((line("filter"), "models: `filter` must be {key: value or list}"))
    else:
        faults += [
            (line(each), f"models: there is no filter {each}: use {', '.join(FILTERS)}")
            for each in wanted
            if each not in FILTERS
        ]
    return query, sorted(faults)


def _matches(model: Model, wanted: Mapping[str, Any]) -> bool:
    return all(FILTERS[key](model) in (value if isinstance(value, list) else [value]) for key, value in wanted.items())


def table(query: Mapping[str, Any], listed: Sequence[Model], href: Callable[[str], str]) -> str:
    """The table that a fence asks for, whole without scripts; `models.js` adds sorting and filters."""
    columns = [(name, COLUMNS[name]) for name in query.get("columns") or COLUMNS]
    models = [model for model in listed if _matches(model, query.get("filter") or {})]
    caption = escape(str(query.get("caption") or "各模型公布的配置"))
    heads = "".join(
        f'<th scope="col" data-column="{name}"{_class(column.style)}>{escape(column.title)}</th>'
        for name, column in columns
    )
    rows = "\n".join(_row(model, columns, href) for model in models)
    return (
        f'<div class="models" data-search-exclude>\n<link rel="stylesheet" href="{links.in_vault(STYLE)}">\n'
        f'<div class="models-scroll" role="region" aria-label="{caption}" tabindex="0">\n'
        f'<table class="models-table">\n<caption>{caption}</caption>\n'
        f'<thead><tr><th scope="col" data-column="name">模型</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n"
        f'<script type="module" src="{links.in_vault(SCRIPT)}"></script>\n</div>'
    )


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _row(model: Model, columns: Sequence[tuple[str, Column]], href: Callable[[str], str]) -> str:
    name = escape(model["name"])
    if model["concept"]:
        name = f'<a href="{escape(href(model["concept"]))}">{name}</a>'
    facets = f'data-maker="{escape(model["maker"])}" data-kind="{_kind(model).html}" data-sparsity="{sparsity(model)}"'
    cells = "".join(_cell(column.cell(model), column) for _, column in columns)
    return f'<tr {facets}><th scope="row">{name}</th>{cells}</tr>'


def _cell(cell: Cell, column: Column) -> str:
    sort = f' data-sort="{escape(f"{cell.sort:g}" if isinstance(cell.sort, float) else str(cell.sort))}"'
    names = f"{column.style} empty".strip() if cell.html in (UNKNOWN, NONE) else column.style
    return f"<td{_class(names)}{sort if cell.sort is not None else ''}>{cell.html}</td>"
