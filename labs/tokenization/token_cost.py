r"""How many tokens the same content costs in two languages, under one shared vocabulary.

The corpus is `labs/tokenization/corpus.py`; the tokenizer is byte-level BPE, trained on a chosen mixture.
"""

from __future__ import annotations

from collections.abc import Sequence

from labs.tokenization import byte_level
from labs.tokenization.bpe import Pair
from labs.tokenization.corpus import HELD_OUT, PARALLEL

CHINESE = [zh for zh, _ in PARALLEL]
ENGLISH = [en for _, en in PARALLEL]
MIXTURES = {"只有英文": ENGLISH, "中英各半": [*CHINESE, *ENGLISH]}


# --8<-- [start:cost]
def cost(merges: Sequence[Pair]) -> tuple[int, int]:
    """Tokens of the held-out sentences in Chinese and in English, which say the same."""
    zh = sum(len(byte_level.encode(text, merges)) for text, _ in HELD_OUT)
    en = sum(len(byte_level.encode(text, merges)) for _, text in HELD_OUT)
    return zh, en


def curve(texts: Sequence[str], sizes: Sequence[int]) -> list[tuple[int, int]]:
    """`cost` after as many merges as `sizes` says: the first merges of a long training are a short training."""
    merges = byte_level.train(texts, max(sizes))
    return [cost(merges[:size]) for size in sizes]


# --8<-- [end:cost]
