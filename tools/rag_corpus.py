"""Freeze the corpus of the retrieval experiments: `python tools/rag_corpus.py` writes labs/rag/corpus.json.

A passage is a page's title, summary and first paragraph of prose; a query is the title of an interview question, and
the page that asks it is its one relevant passage. The file is data: the numbers of docs/rag rest on it, so it is
remade only on purpose, never by a build.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = [
    *("foundations", "tokenization", "attention", "position", "transformer"),
    *("pretraining", "numerics", "finetuning", "reliability", "evaluation"),
]
GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|pi|rho|sigma|tau|phi|omega"
COMMAND = re.compile(rf"\\(?!(?:{GREEK})\b)[a-zA-Z]+|[{{}}^_\\]")
QUESTION = re.compile(r"^> \[!question\]-? *(.+)$", re.M)


def plain(text: str) -> str:
    """What a reader sees of a line of Markdown: no citations, no link targets, no TeX commands."""
    text = re.sub(r"\s*\[@[^\]]+\]", "", text)
    text = re.sub(r"\[\[[^\]|]*\|([^\]]*)\]\]|\[([^\]]*)\]\([^)]*\)", lambda m: m[1] or m[2], text)
    text = re.sub(r"\$([^$]*)\$", lambda m: COMMAND.sub("", m[1]), text)
    return re.sub(r"[*`]", "", text).strip()


def passage(source: str) -> tuple[str, str]:
    """Title and text (summary, the summary callout, the first paragraph) of a page."""
    _, front, body = source.split("---\n", 2)
    meta = yaml.safe_load(front)
    blocks = [block.strip() for block in body.split("\n\n")]
    callout = next((b for b in blocks if b.startswith("> [!summary]")), "")
    first = next((b for b in blocks if re.match(r"[^>#|!$`\-<\d]", b)), "")
    lines = [line.removeprefix("> ") for line in callout.splitlines()[1:]]
    return meta["title"], plain(" ".join([meta.get("summary", ""), *lines, first]))


def main() -> None:
    """Write the corpus, one passage or query a line."""
    passages: list[list[str]] = []
    queries: list[list[str | int]] = []
    for section in SECTIONS:
        for path in sorted((ROOT / "docs" / section).glob("*.md")):
            if path.stem != "index":
                source = path.read_text("utf-8")
                title, text = passage(source)
                queries += [[plain(q), len(passages)] for q in QUESTION.findall(source)]
                passages.append([f"{section}/{path.stem}", title, text])
    rows = [",\n".join(json.dumps(row, ensure_ascii=False) for row in part) for part in (passages, queries)]
    out = f'{{"passages": [\n{rows[0]}\n],\n"queries": [\n{rows[1]}\n]}}\n'
    (ROOT / "labs" / "rag" / "corpus.json").write_text(out, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
