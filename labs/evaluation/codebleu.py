r"""Three of the four parts of CodeBLEU for Python: n-grams, n-grams with weighted keywords, and syntax sub-trees.

Source: Ren et al., *CodeBLEU* (arXiv:2009.10297), section 3. The fourth part, data flow, is left out; sub-trees come
from Python's own `ast`, where the paper uses tree-sitter.
"""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections import Counter

from labs.evaluation.bleu import corpus_bleu, ngrams

LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_tokens(code: str) -> list[str]:
    """The words and signs of a Python source, without layout."""
    return [t.string for t in tokenize.generate_tokens(io.StringIO(code).readline) if t.type not in LAYOUT]


# --8<-- [start:parts]
def ngram_match(candidate: str, reference: str) -> float:
    """Plain BLEU on code tokens, smoothed, because functions are short."""
    return corpus_bleu([code_tokens(candidate)], [[code_tokens(reference)]], smooth="add-k").score


def weighted_unigram(candidate: str, reference: str, weight: float = 5.0) -> float:
    """Share of the reference's words that the candidate has, where a keyword counts `weight` times a name."""
    found, wanted = ngrams(code_tokens(candidate), 1), ngrams(code_tokens(reference), 1)
    worth = {gram: weight if keyword.iskeyword(gram[0]) else 1.0 for gram in wanted}
    got = sum(worth[g] * min(n, found[g]) for g, n in wanted.items())
    return got / sum(worth[g] * n for g, n in wanted.items())


def subtrees(code: str) -> Counter[str]:
    """Every sub-tree of the syntax tree as nested node types: names and constants are left out."""
    out: Counter[str] = Counter()

    def shape(node: ast.AST) -> str:
        inner = ",".join(shape(child) for child in ast.iter_child_nodes(node))
        text = f"{type(node).__name__}({inner})"
        if inner:  # leaves tell nothing about structure
            out[text] += 1
        return text

    shape(ast.parse(code))
    return out


def syntax_match(candidate: str, reference: str) -> float:
    """Share of the reference's sub-trees that the candidate has too."""
    wanted, found = subtrees(reference), subtrees(candidate)
    return sum((wanted & found).values()) / sum(wanted.values())


# --8<-- [end:parts]
