r"""Questions to SQL in a closed domain: fill the slots of known patterns, refuse the rest, paste no text into SQL."""

from __future__ import annotations

import re

COLUMNS = {"城市": "city", "产品": "product"}
MEASURES = {"销售额": "amount", "销量": "quantity"}
TABLE = "sales"


# --8<-- [start:translate]
def translate(question: str) -> tuple[str, tuple[str, ...]] | None:
    """A read-only statement and its parameters, or None: hand over to a person. Names come from white lists only."""
    measure = next((m for m in MEASURES if m in question), None)
    if measure is None:
        return None
    total = f"SUM({MEASURES[measure]})"
    if found := re.search(r"各(城市|产品)", question):
        column = COLUMNS[found[1]]
        top = "1" if "最高" in question else "-1"  # LIMIT −1: all rows
        return f"SELECT {column}, {total} FROM {TABLE} GROUP BY {column} ORDER BY 2 DESC LIMIT {top}", ()
    if found := re.search(r"(城市|产品)(?:是|为)「([^」]*)」", question):
        return f"SELECT {total} FROM {TABLE} WHERE {COLUMNS[found[1]]} = ?", (found[2],)  # a value is never SQL
    if re.search(r"总", question):
        return f"SELECT {total} FROM {TABLE}", ()
    return None


# --8<-- [end:translate]

QUESTIONS = [
    "各城市的销售额",
    "各产品销量最高的是哪个",
    "城市是「上海」的销售额",
    "总销量是多少",
    "产品为「x'; DROP TABLE sales; --」的销量",
    "为什么三月卖得不好",
    "销售额环比变化",
]
