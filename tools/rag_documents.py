"""Freeze the long texts of the chunking experiments: `python tools/rag_documents.py` writes labs/rag/documents.json.

A document is the whole prose of every fifth page of labs/rag/corpus.json, without the titles of its interview
questions; a query is such a title, and its answer is the stretch of the document that answers it there. The file is
data: the numbers of docs/rag rest on it, so it is remade only on purpose, never by a build.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from labs.rag.corpus import load  # noqa: E402
from tools.rag_corpus import plain  # noqa: E402

STEP = 5


def document(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text of a page, and (question, begin, end) of each answer in it."""
    body = source.split("---\n", 2)[2]
    body = re.sub(r"(?ms)^```.*?^```\n|^\$\$.*?^\$\$\n", "", body)  # code and display formulas
    text, queries = "", []
    for block in body.split("\n\n"):
        lines = [line.removeprefix(">").strip() for line in block.strip().splitlines()]
        if not lines or lines[0].startswith(("![", "|", "- [")):
            continue
        title = re.match(r"\[!(\w+)\]-? *(.*)", lines[0])
        begin = len(text)
        text += plain(" ".join(re.sub(r"^#+ | \^[\w-]+$", "", line) for line in (lines[1:] if title else lines))) + "\n"
        if title and title[1] == "question":
            queries.append((plain(title[2]), begin, len(text) - 1))
    return text, queries


def main() -> None:
    """Write the documents, one a line."""
    rows = []
    for page in load().pages[::STEP]:
        text, queries = document((ROOT / "docs" / f"{page}.md").read_text("utf-8"))
        rows.append(json.dumps([page, text, queries], ensure_ascii=False))
    out = "[\n" + ",\n".join(rows) + "\n]\n"
    (ROOT / "labs" / "rag" / "documents.json").write_text(out, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
