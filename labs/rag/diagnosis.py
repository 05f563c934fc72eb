r"""Where did the right passage get lost? From its place in the candidates, one verdict a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


# --8<-- [start:diagnose]
def diagnose(indexed: bool, recalled: int | None, final: int | None, shown: int, pool: int) -> str:
    """Verdict of one query from the gold passage's place after recall and after reranking (None: not in the list)."""
    if not indexed:
        return "corpus"  # never written, not parsed, cut apart, or filtered out by permissions
    if recalled is None or recalled > pool:
        return "recall"  # no later stage sees it
    if final is None or final > shown:
        return "ranking"
    return "delivered"  # a wrong answer from here on is the generator's fault


def shares(verdicts: Sequence[str]) -> dict[str, float]:
    """Share of queries with each verdict."""
    return {name: count / len(verdicts) for name, count in Counter(verdicts).items()}


# --8<-- [end:diagnose]
