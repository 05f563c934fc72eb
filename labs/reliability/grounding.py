r"""Is a claim entailed by a text, contradicted by it, or silent? A text is a set of (subject, relation, value) triples.

The three verdicts of natural language inference, on triples instead of sentences; the intrinsic / extrinsic split of
Ji et al. (arXiv:2202.03629), section 2.2, and the world-knowledge check of factuality are the same function with
another reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

Triple = tuple[str, str, str]
Verdict = Literal["entailed", "contradicted", "neutral"]


# --8<-- [start:verdict]
def verdict(claim: Triple, reference: Collection[Triple], single: Collection[str]) -> Verdict:
    """NLI on triples: a relation in `single` has one value per subject (a birth year), others may have many."""
    subject, relation, _ = claim
    if claim in reference:
        return "entailed"
    if relation in single and any(s == subject and r == relation for s, r, _ in reference):
        return "contradicted"
    return "neutral"


def kind(claim: Triple, source: Collection[Triple], world: Collection[Triple], single: Collection[str]) -> str:
    """Against the source: faithful, intrinsic or extrinsic; against the world: true, false or unknown."""
    against_source = {"entailed": "faithful", "contradicted": "intrinsic", "neutral": "extrinsic"}
    against_world = {"entailed": "true", "contradicted": "false", "neutral": "unknown"}
    return f"{against_source[verdict(claim, source, single)]}, {against_world[verdict(claim, world, single)]}"


# --8<-- [end:verdict]

SINGLE = {"生年", "母校", "总部"}
SOURCE: set[Triple] = {
    ("李明", "生年", "1980"),
    ("李明", "任职", "甲公司"),
    ("甲公司", "总部", "上海"),
}
WORLD: set[Triple] = {
    ("李明", "生年", "1980"),
    ("李明", "任职", "甲公司"),
    ("李明", "母校", "乙大学"),
    ("甲公司", "总部", "杭州"),
}
CLAIMS: dict[str, Triple] = {
    "李明生于 1980 年": ("李明", "生年", "1980"),
    "李明生于 1985 年": ("李明", "生年", "1985"),
    "李明毕业于乙大学": ("李明", "母校", "乙大学"),
    "李明毕业于丙大学": ("李明", "母校", "丙大学"),
    "李明爱下围棋": ("李明", "爱好", "围棋"),
    "甲公司总部在上海": ("甲公司", "总部", "上海"),
    "甲公司总部在杭州": ("甲公司", "总部", "杭州"),
}
"""What a summary of SOURCE might say; the source itself is wrong about the headquarters."""


# --8<-- [start:entity]
def entity_error(entities: Iterable[str], document: str) -> float:
    r"""NE$_{ER}$ of FactualityPrompts (arXiv:2206.04624), section 3: share of named entities not in the document."""
    named = list(entities)
    return sum(name not in document for name in named) / len(named)


# --8<-- [end:entity]
