"""Rule-based Text2SQL: the statements run in SQLite; workflow-vs-agent.md."""

from __future__ import annotations

import sqlite3

from labs.agents.text2sql import QUESTIONS, translate

ROWS = [("上海", "笔", 10, 100), ("上海", "本", 5, 50), ("杭州", "笔", 30, 20)]


def ask(question: str) -> list[tuple[object, ...]] | None:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE sales (city, product, quantity, amount)")
    base.executemany("INSERT INTO sales VALUES (?, ?, ?, ?)", ROWS)
    found = translate(question)
    out = None if found is None else base.execute(*found).fetchall()
    assert base.execute("SELECT COUNT(*) FROM sales").fetchone() == (3,)  # whatever was asked
    return out


def test_questions_of_the_page() -> None:
    results = [ask(q) for q in QUESTIONS]
    assert results[:4] == [[("上海", 150), ("杭州", 20)], [("笔", 40)], [(150,)], [(45,)]]
    assert results[4] == [(None,)]  # the odd product name is a value that nothing matches
    assert results[5:] == [None, None]
    assert sum(r is not None for r in results) == 5


def test_only_reading_statements_come_out() -> None:
    statements = [found[0] for q in QUESTIONS if (found := translate(q))]
    assert all(s.startswith("SELECT ") and ";" not in s and "DROP" not in s for s in statements)
