r"""A knowledge graph as a list of (head, relation, tail): link entities, walk, and write the subgraph out as text."""

from __future__ import annotations

from collections.abc import Sequence

Triple = tuple[str, str, str]

FACTS: list[Triple] = [
    ("LLaMA-3-8B", "采用", "GQA"),
    ("LLaMA-2-70B", "采用", "GQA"),
    ("LLaMA-2-7B", "采用", "MHA"),
    ("DeepSeek-V3", "采用", "MLA"),
    ("GQA", "缓存的是", "各组的 K 和 V"),
    ("MLA", "缓存的是", "一条潜向量与一个 RoPE 键"),
    ("MHA", "缓存的是", "每个头的 K 和 V"),
    ("MLA", "首见于", "DeepSeek-V2"),
    ("QLoRA", "采用", "NF4"),
    ("NF4", "每参数占", "4 bit"),
]


# --8<-- [start:walk]
def link(question: str, facts: Sequence[Triple]) -> list[str]:
    """Entities whose name stands in the question (a real system needs fuzzy matching and disambiguation here)."""
    names = dict.fromkeys(name for head, _, tail in facts for name in (head, tail))
    found = [name for name in names if name in question]
    return [name for name in found if not any(name != other and name in other for other in found)]


def neighbourhood(facts: Sequence[Triple], seeds: Sequence[str], hops: int, both_ways: bool = True) -> list[Triple]:
    """Every triple that can be reached in at most `hops` steps from a seed."""
    reached, kept = set(seeds), dict.fromkeys(list[Triple]())
    for _ in range(hops):
        step = [f for f in facts if f[0] in reached or (both_ways and f[2] in reached)]
        kept |= dict.fromkeys(step)
        reached |= {f[2] for f in step} | ({f[0] for f in step} if both_ways else set())
    return list(kept)


def follow(facts: Sequence[Triple], start: str, relations: Sequence[str]) -> list[str]:
    """Tails of the path start –r₁→ · –r₂→ …: what a multi-hop question asks for."""
    at = [start]
    for relation in relations:
        at = [tail for head, r, tail in facts if r == relation and head in at]
    return at


def as_text(facts: Sequence[Triple]) -> str:
    """One sentence a triple, to be put into the prompt."""
    return "\n".join(f"{head} {relation} {tail}。" for head, relation, tail in facts)


# --8<-- [end:walk]
