"""The models of `docs/data/models.yaml`, read with line numbers, checked and counted; `model_table` shows them."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from .frontmatter import quickly
from .report import Problem

PATH = "data/models.yaml"
TOLERANCE = 0.01
"""A computed count may differ from the published one by this share; beyond it the record must say why."""


class Count(Protocol):
    """What the lab `labs/models/parameter_count.py` finds."""

    @property
    def total(self) -> int:
        """All parameters."""

    @property
    def active(self) -> int:
        """Those that one token uses."""


Counter = Callable[[Mapping[str, Any]], Count]


@dataclass
class Model:
    """A record of the file: its values as written, the line of each key, and its count if the shapes are public."""

    line: int
    values: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)
    count: Count | None = None

    def __getitem__(self, key: str) -> Any:
        """A value; None where nothing is published."""
        return self.values.get(key)


Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Kind:
    """A kind of value, and what to write."""

    fits: Check
    wanted: str


_SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMBT])")
UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def number(size: str) -> float:
    """`8.03B` as a number."""
    match = _SIZE.fullmatch(size)
    assert match, size
    return float(match[1]) * UNITS[match[2]]


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[a-z0-9]+([-.][a-z0-9]+)*", value))


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value if len(value) > 7 else value + "-01")
    except ValueError:
        return False
    return True


def _is_urls(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, str) and re.fullmatch(r"https://\S+", each) for each in value)
    )


def _one_of(*choices: str) -> Kind:
    return Kind(lambda value: value in choices, "one of " + ", ".join(choices))


def _table(needed: str, optional: str = "", flags: str = "") -> Kind:
    """A mapping of whole numbers (and flags), with keys that must and keys that may be there."""
    must, may, yes = set(needed.split()), set(optional.split()), set(flags.split())

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and must <= value.keys() <= must | may | yes
            and all(isinstance(value[key], bool) if key in yes else _is_whole(value[key]) for key in value)
        )

    rest = f", and where there are any {', '.join([*optional.split(), *flags.split()])}" if may | yes else ""
    return Kind(fits, f"{{key: number}} with {', '.join(needed.split())}{rest}")


WHOLE = Kind(_is_whole, "a whole number above 0")
TEXT = Kind(_is_text, "text")
FLAG = Kind(lambda value: isinstance(value, bool), "true or false")
SIZE = Kind(lambda value: isinstance(value, str) and bool(_SIZE.fullmatch(value)), "a number with K, M, B or T: 8.03B")

KINDS = {"encoder": "编码器", "encoder-decoder": "编码器-解码器", "decoder": "解码器"}
KEYS: dict[str, Kind] = {
    "id": Kind(_is_id, "small letters and digits with hyphens or dots: llama-3-8b"),
    "name": TEXT, "concept": TEXT, "maker": TEXT, "date": Kind(_is_date, "a date: 2024-04-18 or 2024-04"),
    "kind": _one_of(*KINDS), "layers": WHOLE, "sublayers": WHOLE, "shared_layers": FLAG, "hidden": WHOLE,
    "embedding_dim": WHOLE, "heads": WHOLE, "kv_heads": WHOLE, "head_dim": WHOLE, "output_gate": FLAG, "qk_norm": FLAG,
    "mla": _table("kv_rank nope rope value", "q_rank"),
    "linear": _table("full_every key_heads value_heads head_dim conv"), "ffn": WHOLE, "gated": FLAG,
    "experts": _table("routed active ffn", "shared zero dense_layers every", "shared_gate"), "mtp": WHOLE,
    "bias": _one_of("all", "qkv", "none"), "vocab": WHOLE, "tied": FLAG, "positions": WHOLE, "segments": WHOLE,
    "relative_buckets": WHOLE, "pooler": FLAG, "outer_norm": FLAG, "context": WHOLE, "tokens": SIZE, "position": TEXT,
    "norm": _one_of("LayerNorm", "RMSNorm"), "activation": TEXT, "licence": TEXT, "total": SIZE, "active": SIZE,
    "note": TEXT, "sources": Kind(_is_urls, "a list of https:// addresses"),
}  # fmt: skip
REQUIRED = ("id", "name", "maker", "date", "sources")
SHAPES = ("layers", "kind", "hidden", "heads", "gated", "bias", "vocab", "tied", "norm")
"""What a count needs; a model has all of them or is not counted."""


Fault = tuple[int, str]


def read(text: str, concepts: Collection[str], counter: Counter, path: str = PATH) -> tuple[list[Model], list[Problem]]:
    """The records that are sound, counted, and what is wrong with the file; `concepts` are the ids of the vault."""
    try:
        loader, node = quickly(_node, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        return [], [Problem(path, mark.line + 1 if mark else 1, "models", message)]
    if not isinstance(node, yaml.SequenceNode):
        return [], [Problem(path, 1, "models", "must be a list of models: `- id: …`")] if node else []
    found: list[Model] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for record in node.value:
        model, wrong = _record(record, loader)
        # What is wrong with the values themselves first: the rest would only repeat it.
        wrong = wrong or [*_concept(model, concepts), *(list(_shapes(model)) or _counted(model, counter))]
        name = model["id"]
        if isinstance(name, str) and first.setdefault(name, model.line) != model.line:
            wrong.append((model.line, f"{name}: this id stands on line {first[name]} too: give one of them another"))
        faults += wrong
        if not wrong:
            found.append(model)
    return found, [Problem(path, line, "models", message) for line, message in faults]


def _node(text: str, Loader: type[yaml.SafeLoader]) -> tuple[yaml.SafeLoader, yaml.Node | None]:
    """The loader of a text, which makes values of its nodes, and the node of it all."""
    loader = Loader(text)
    return loader, loader.get_single_node()


def _record(node: yaml.Node, loader: yaml.SafeLoader) -> tuple[Model, list[Fault]]:
    """A record, and its keys and values that are none."""
    model = Model(node.start_mark.line + 1, {})
    if not isinstance(node, yaml.MappingNode):
        return model, [(model.line, "a model must be `key: value` lines, the first `- id: …`")]
    faults: list[Fault] = []
    pairs = [
        (key.value, key.start_mark.line + 1, loader.construct_object(value, deep=True)) for key, value in node.value
    ]
    name = next((value for key, _, value in pairs if key == "id"), "a model without id")
    for key, line, value in pairs:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"write {near[0]}" if near else "the head of the file lists the keys"
            faults.append((line, f"{name}: `{key}` is no key: {hint}"))
        elif key in model.values:
            faults.append((line, f"{name}: `{key}` stands on line {model.lines[key]} too: take one of them out"))
        elif value is not None:
            model.values[key], model.lines[key] = value, line
            if not KEYS[key].fits(value):
                faults.append((line, f"{name}: `{key}` must be {KEYS[key].wanted}, not {value!r}"))
    faults += [
        (model.line, f"{name}: `{key}` is missing: every model has it") for key in REQUIRED if model[key] is None
    ]
    return model, faults


def _concept(model: Model, concepts: Collection[str]) -> Iterator[Fault]:
    """A concept that no page is the home of."""
    concept = model["concept"]
    if concept and concept not in concepts:
        near = difflib.get_close_matches(concept, concepts, n=1)
        hint = f"write {near[0]}, or leave it out" if near else "write its page, or leave it out"
        yield model.lines["concept"], f"{model['id']}: no page is the home of concept {concept}: {hint}"


def _shapes(model: Model) -> Iterator[Fault]:
    """Shapes that do not fit together, or not all of those that a count needs."""
    name = model["id"]
    shapes = [key for key in SHAPES if model[key] is not None]
    if model["layers"] and len(shapes) < len(SHAPES):
        missing = ", ".join(key for key in SHAPES if model[key] is None)
        yield (
            model.lines["layers"],
            f"{name}: the count needs {missing} too: add what is published, or leave `layers` out",
        )
        return
    if not model["layers"]:
        return
    experts = model["experts"] or {}
    if model["ffn"] is None and (not experts or {"dense_layers", "every"} & experts.keys() or model["sublayers"]):
        yield model.lines["layers"], f"{name}: `ffn` is missing: layers without experts need it"
    if not model["head_dim"] and not model["mla"] and model["hidden"] % model["heads"]:
        yield model.lines["heads"], f"{name}: `hidden` is no multiple of `heads`: write `head_dim`"


def _counted(model: Model, counter: Counter) -> Iterator[Fault]:
    """Count the model; a difference that no note explains is a fault."""
    if not all(model[key] is not None for key in SHAPES):
        return
    model.count = counter(model.values)
    for key in ("total", "active"):
        off = deviation(model, key)
        if off is not None and abs(off) > TOLERANCE and not model["note"]:
            yield (
                model.lines[key],
                f"{model['id']}: the count differs from the published `{key}` by {off:+.1%}: say why in `note`",
            )


def deviation(model: Model, key: str) -> float | None:
    """By what share the count of `total` or `active` is more than the published one."""
    if model.count is None or not model[key]:
        return None
    computed: int = getattr(model.count, key)
    return computed / number(model[key]) - 1
