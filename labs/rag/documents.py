"""The frozen long texts of the chunking experiments: whole pages of this handbook, and where each answer stands.

tools/rag_documents.py made the file; labs/rag/corpus.py says the same of the short passages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """A query, and the characters [begin, end) of document `document` that answer it."""

    text: str
    document: int
    begin: int
    end: int


@cache
def load() -> tuple[tuple[str, ...], tuple[Question, ...]]:
    """The documents and the questions of labs/rag/documents.json."""
    rows = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    questions = [Question(q, i, b, e) for i, (_, _, asked) in enumerate(rows) for q, b, e in asked]
    return tuple(text for _, text, _ in rows), tuple(questions)
