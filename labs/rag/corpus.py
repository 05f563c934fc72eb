"""The frozen corpus of the retrieval experiments, and its tokenizer.

Passages are openings of this handbook's own pages, queries its interview questions; tools/rag_corpus.py made the file.
This loader is the one lab that reads a file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Corpus:
    """n passages and m queries; `relevant[i]` is the one passage that query i was asked on."""

    pages: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[int, ...]


@cache
def load() -> Corpus:
    """The corpus of labs/rag/corpus.json."""
    data = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    pages, titles, texts = zip(*data["passages"], strict=True)
    queries, relevant = zip(*data["queries"], strict=True)
    texts = tuple(f"{title}。{text}" for title, text in zip(titles, texts, strict=True))
    return Corpus(pages, titles, texts, queries, relevant)


# --8<-- [start:tokens]
def tokens(text: str) -> list[str]:
    """Lower-case Latin words and numbers, and the overlapping pairs of each run of Chinese characters."""
    out: list[str] = []
    for run in WORD.findall(text.lower()):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        out += [run] if run.isascii() or not pairs else pairs
    return out


# --8<-- [end:tokens]
