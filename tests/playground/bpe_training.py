"""The widget bpe-training against labs/tokenization/bpe.py and byte_level.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

from labs.tokenization import bpe, byte_level
from labs.tokenization.corpus import PARALLEL
from tests.playground import Check

PIECES = ["模型", "学习", "机器学习", "词元", " the", " token", "tokens", " 3.14", "2024"]
PIECES += ["it's", "！？", "…", "🙂", "𠮷", "龘"]
PIECES += [" ", "  ", "\n", "\t", "\u3000", "\u00a0", "\u001c", "é", "ﬀ", "Ⅷ", "²", "'", "，"]


def _text(rng: Random) -> str:
    some = rng.sample(PIECES, rng.randint(1, 12))
    return "".join(rng.choices(some, k=rng.randint(0, 60)))


def _train(text: str, unit: str, merges: int) -> tuple[dict[bpe.Symbols, int], list[bpe.Step]]:
    """Words and steps of training inside the chunks of the lab, on bytes or on characters."""
    chunks = byte_level.split(text)
    if unit == "bytes":
        words = dict(Counter(map(byte_level.spell, chunks)))
        return words, bpe.train(words, merges, alphabet=byte_level.TABLE.values())
    words = dict(Counter(map(tuple, chunks)))
    return words, bpe.train(words, merges)


def _learned(text: str, unit: str, merges: int) -> list[list[Any]]:
    _, steps = _train(text, unit, merges)
    return [[*step.pair, step.count, sum(len(word) * n for word, n in step.words.items())] for step in steps]


def _draw_training(rng: Random) -> list[Any]:
    return [_text(rng), rng.choice(["bytes", "characters"]), rng.randint(1, 25)]


def _draw_encoding(rng: Random) -> list[Any]:
    text, unit, merges = _draw_training(rng)
    learned = [step.pair for step in _train(text, unit, merges)[1]]
    rng.shuffle(learned)
    return [text[: rng.randint(0, len(text))] + _text(rng), unit, learned]


def _encode(text: str, unit: str, merges: list[bpe.Pair]) -> list[str]:
    if unit == "bytes":
        return byte_level.encode(text, merges)
    return [token for chunk in byte_level.split(text) for token in bpe.encode(tuple(chunk), merges)]


def _lines(counts: Mapping[str, int]) -> str:
    return "\n".join(word for word, n in counts.items() for _ in range(n))


CORPORA = {
    "greetings": _lines(byte_level.GREETINGS),
    "chinese": _lines(bpe.CHINESE),
    "english": _lines(bpe.ENGLISH),
    "parallel": "\n".join(text for pair in PARALLEL[:8] for text in pair),
    "only-english": "\n".join(english for _, english in PARALLEL[:8]),
}

CHECKS = [
    Check("split", lambda rng: [_text(rng)], byte_level.split),
    Check("learned", _draw_training, _learned),
    Check("encode", _draw_encoding, _encode),
    Check("corpus", lambda rng: [rng.choice(list(CORPORA))], CORPORA.__getitem__),
]


def shown() -> list[str]:
    """The first merges of the greetings, each byte in hexadecimal."""
    _, steps = _train(CORPORA["greetings"], "bytes", 2)
    pairs = [[f"{byte_level.BACK[char]:02X}" for char in step.pair] for step in steps]
    return [*(" + ".join(pair) for pair in pairs), *(str(step.count) for step in steps)]


def page() -> list[str]:
    """What happens in the things to try: tokens of a word by step, a tie, and two corpora that share 40 merges."""
    learned = [step.pair for step in _train(CORPORA["greetings"], "bytes", 40)[1]]
    lengths = [len(_encode("你好", "bytes", learned[:step])) for step in range(len(learned) + 1)]
    whole = lengths.index(1)
    _, steps = _train(CORPORA["chinese"], "characters", 40)
    tied = bpe.pair_counts(steps[2].words)
    fourth = steps[3]
    assert {pair for pair, count in tied.items() if count == fourth.count} == {("度", "学习"), ("深", "度")}
    tokens = _encode("深度机器学习", "characters", [step.pair for step in steps])
    return [
        f"第 {whole} 步，「你好」从 {lengths[0]} 个 token 减到 1 个",
        f"「{' + '.join(fourth.pair)}」与「深 + 度」同是 {fourth.count} 次",
        "、".join(f"`{token}`" for token in tokens),
        *(f"{count} 个" for corpus in ("only-english", "parallel") for count in _halves(corpus)),
    ]


def _halves(corpus: str) -> list[int]:
    """Tokens of six Chinese characters and of five English words after 40 merges on a corpus."""
    merges = [step.pair for step in _train(CORPORA[corpus], "bytes", 40)[1]]
    return [len(_encode(text, "bytes", merges)) for text in ("模型切成小段", " the tokens of the text")]
