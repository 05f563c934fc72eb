r"""Static against contextual: one row of the table, and what one attention layer makes of it in two sentences.

The layer has no weights of its own (Q = K = V = the static vectors of `word2vec`), so whatever moves the word is the
sentence. A trained model has learned projections and many layers: Peters et al., *Deep contextualized word
representations* (arXiv:1802.05365); Devlin et al., *BERT* (arXiv:1810.04805).
"""

from __future__ import annotations

from functools import cache

from labs.attention.scaled_dot_product import attention
from labs.tokenization.word2vec import Array, corpus, examples, train, vocabulary

EAT = ["我", "吃", "苹果"]
LAUNCH = ["苹果", "发布", "手机"]


@cache
def static() -> tuple[list[str], Array]:
    """Words and their trained skip-gram vectors: V names, (V, d)."""
    words = vocabulary(corpus())
    w_in, _, _ = train(*examples(corpus(), words, window=2, cbow=False))
    return words, w_in


# --8<-- [start:layer]
def embed(sentence: list[str]) -> Array:
    """Look every word up: (n, d). The row of a word is the same in every sentence."""
    words, table = static()
    return table[[words.index(word) for word in sentence]]


def contextual(sentence: list[str]) -> Array:
    """One attention layer over the looked-up vectors: (n, d). The row of a word depends on its sentence."""
    x = embed(sentence)  # (n, d)
    return attention(x, x, x)  # (n, d): each row a weighted mean of the sentence


# --8<-- [end:layer]


def apple(sentence: list[str]) -> Array:
    """The contextual vector of 苹果 in a sentence: (1, d)."""
    return contextual(sentence)[[sentence.index("苹果")]]


def centre(names: list[str]) -> Array:
    """Mean static vector of some words: (1, d)."""
    words, table = static()
    mean: Array = table[[words.index(n) for n in names]].mean(axis=0, keepdims=True)  # (1, d)
    return mean
