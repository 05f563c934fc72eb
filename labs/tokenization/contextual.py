r"""Static against contextual: one row of the table, and what one attention layer makes of it in two sentences.

The layer borrows the two tables that skip-gram learned (`word2vec`): queries from the input table, keys and values from
the output table, so a score is how well two words go together. A real model learns its projections and has many layers:
Peters et al., *Deep contextualized word representations* (arXiv:1802.05365); Devlin et al., *BERT* (arXiv:1810.04805).
"""

from __future__ import annotations

from functools import cache

from labs.attention.scaled_dot_product import attention, scores, softmax
from labs.tokenization.word2vec import Array, corpus, examples, train, vocabulary

EAT = ["我", "吃", "苹果"]
LAUNCH = ["苹果", "发布", "手机"]
FRUIT, COMPANY = ["香蕉", "葡萄"], ["华为", "三星"]


@cache
def tables() -> tuple[list[str], Array, Array]:
    """Words and their trained skip-gram tables: V names, (V, d), (V, d)."""
    words = vocabulary(corpus())
    w_in, w_out, _ = train(*examples(corpus(), words, window=2, cbow=False))
    return words, w_in, w_out


# --8<-- [start:layer]
def lookup(sentence: list[str]) -> tuple[Array, Array]:
    """Rows of both tables, (n, d) each. The row of a word is the same in every sentence: the static vector."""
    words, w_in, w_out = tables()
    ids = [words.index(word) for word in sentence]
    return w_in[ids], w_out[ids]


def contextual(sentence: list[str]) -> Array:
    """One attention layer with its residual: (n, d). The row of a word depends on its whole sentence."""
    x, c = lookup(sentence)  # (n, d) each
    return x + attention(x, c, c)  # (n, d)


# --8<-- [end:layer]


def weights(sentence: list[str], word: str) -> Array:
    """How the layer distributes the attention of `word` over the sentence: (n,)."""
    x, c = lookup(sentence)  # (n, d) each
    row: Array = softmax(scores(x, c))[sentence.index(word)]  # (n,)
    return row


def vector_in(sentence: list[str], word: str) -> Array:
    """The contextual vector of `word` in a sentence: (1, d)."""
    return contextual(sentence)[[sentence.index(word)]]


def centre(names: list[str]) -> Array:
    """Mean static vector of some words: (1, d)."""
    mean: Array = lookup(names)[0].mean(axis=0, keepdims=True)  # (1, d)
    return mean
