"""Byte pair encoding against the `tokenizers` library, and the numbers of docs/tokenization/bpe.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from labs.tokenization import bpe, byte_level
from labs.tokenization.bpe import CHINESE, ENGLISH
from labs.tokenization.corpus import HELD_OUT, PARALLEL

NEEDS = "needs tokenizers==0.23.3"
TEXTS = [text for pair in PARALLEL for text in pair]
MIXED = Counter(word for text in TEXTS for word in text.split(" "))
"""Words of a mixed corpus; a Chinese clause is one word."""


def oracle(words: Mapping[str, int], merges: int, end: str | None = None) -> tuple[Any, list[list[str]]]:
    """A tokenizer of the library trained on `words`, and the merges that it learned."""
    tokenizers = pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import models, pre_tokenizers, trainers

    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    base = len(set().union(*words))
    trainer = trainers.BpeTrainer(vocab_size=base + merges, show_progress=False)
    tokenizer.train_from_iterator((" ".join([word] * n) for word, n in words.items()), trainer)
    return tokenizer, json.loads(tokenizer.to_str())["model"]["merges"]


@pytest.mark.parametrize(("words", "merges"), [(ENGLISH, 11), (CHINESE, 8), (MIXED, 200)])
def test_training_learns_what_the_library_learns(words: Mapping[str, int], merges: int) -> None:
    steps = bpe.train(bpe.spell(words), merges)
    assert [list(step.pair) for step in steps] == oracle(words, merges)[1]
    assert len(steps) == merges


def test_encoding_equals_the_library() -> None:
    tokenizer, merges = oracle(MIXED, 150)
    pairs = [(a, b) for a, b in merges]
    words = [word for pair in HELD_OUT for text in pair for word in text.split(" ")]
    rng = np.random.default_rng(0)  # and words that no language has
    letters = sorted(set().union(*MIXED))
    words += ["".join(rng.choice(letters, 12)) for _ in range(200)]
    words = [word for word in words if set(word) <= set(letters)]
    assert len(words) > 200
    for word in words:
        assert list(bpe.encode(tuple(word), pairs)) == tokenizer.encode(word).tokens


def test_english_steps() -> None:
    """Page: table of the seven merges in English."""
    steps = bpe.train(bpe.spell(ENGLISH), 7)
    assert [("".join(step.pair), step.count) for step in steps] == [
        ("al", 17),
        ("alk", 17),
        ("walk", 12),
        ("in", 7),
        ("ing", 7),
        ("ed", 5),
        ("talk", 5),
    ]
    assert list(steps[-1].words) == [
        ("walk",),
        ("walk", "ed"),
        ("walk", "ing"),
        ("talk", "ed"),
        ("talk", "ing"),
    ]
    assert sum(ENGLISH.values()) == 17
    learned = bpe.vocabulary(bpe.spell(ENGLISH), steps)
    used = set().union(*steps[-1].words)
    assert len(learned) == 10 + 7
    assert used == {"walk", "talk", "ed", "ing"}
    assert {token for token in learned if len(token) > 1} - used == {"al", "alk", "in"}
    counts = bpe.pair_counts(bpe.spell(ENGLISH))
    assert (counts["w", "a"], counts["i", "n"], counts["e", "d"]) == (12, 7, 5)
    assert counts["a", "l"] == counts["l", "k"] == 17


def test_new_words_are_put_together_from_learned_pieces() -> None:
    """Page: talk was never a word of the corpus; linked, lingking and walkable are new."""
    merges = [step.pair for step in bpe.train(bpe.spell(ENGLISH), 7)]
    assert "talk" not in ENGLISH
    assert bpe.encode(tuple("talk"), merges) == ("talk",)
    assert bpe.encode(tuple("wading"), merges) == ("w", "a", "d", "ing")
    assert bpe.encode(tuple("linked"), merges) == ("l", "in", "k", "ed")


def test_order_of_the_merges_matters() -> None:
    """Page: replaying is not the longest match."""
    assert bpe.encode(tuple("abc"), [("b", "c"), ("a", "b")]) == ("a", "bc")
    assert bpe.encode(tuple("abc"), [("a", "b"), ("b", "c")]) == ("ab", "c")
    # Page: and it is not the shortest segmentation, which would be ab, cd.
    assert bpe.encode(tuple("abcd"), [("b", "c"), ("a", "b"), ("c", "d")]) == ("a", "bc", "d")
    steps = [step.pair for step in bpe.train(bpe.spell(CHINESE), 6)]
    assert bpe.encode(tuple("深度机器学习"), steps) == ("深", "度", "机器学习")
    assert bpe.encode(tuple("学习机器翻译"), steps) == ("学习", "机器", "翻译")


def test_chinese_steps() -> None:
    """Page: table of the six merges in Chinese; step 4 joins 度 to 学习 across the border of a word."""
    counts = bpe.pair_counts(bpe.spell(CHINESE))
    assert (counts["学", "习"], counts["机", "器"], counts["器", "学"]) == (12, 9, 6)
    steps = bpe.train(bpe.spell(CHINESE), 6)
    assert [("".join(step.pair), step.count) for step in steps] == [
        ("学习", 12),
        ("机器", 9),
        ("机器学习", 6),
        ("度学习", 4),
        ("深度学习", 4),
        ("翻译", 3),
    ]
    before = bpe.pair_counts(steps[2].words)
    assert before["深", "度"] == before["度", "学习"] == 4  # a tie, broken by the order of the ids
    assert list(steps[-1].words) == [("机器学习",), ("深度学习",), ("机器", "翻译"), ("学习", "率")]


def test_end_of_word_symbol_keeps_endings_apart() -> None:
    """Page: with an end-of-word symbol, the ed of walked is no longer the ed of edit."""
    plain = [step.pair for step in bpe.train(bpe.spell(ENGLISH), 7)]
    ended = [step.pair for step in bpe.train(bpe.spell(ENGLISH, "_"), 9)]
    assert bpe.encode(tuple("edit"), plain)[0] == "ed"
    assert ("e", "d_") in ended
    assert bpe.encode((*"edit", "_"), ended) == ("e", "d", "i", "t", "_")
    assert bpe.encode((*"walked", "_"), ended) == ("walk", "ed_")


def test_byte_table_and_chunks_equal_the_library() -> None:
    pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import pre_tokenizers

    assert set(byte_level.TABLE.values()) == set(pre_tokenizers.ByteLevel.alphabet())
    assert len(byte_level.TABLE) == len(byte_level.BACK) == 256
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    odd = [
        "I'll say  it's 3.14,  don't!\n\n  ok ",
        "你好，世界 2024年 héllo Ünï ²x ½ Ⅷ",
        "tab\tand   \u3000wide",
        "🙂 a'b 'sound ''",
        " ",
        "a  ",
    ]
    for text in [*odd, *TEXTS]:
        want = [piece for piece, _ in splitter.pre_tokenize_str(text)]
        assert ["".join(byte_level.spell(chunk)) for chunk in byte_level.split(text)] == want
        assert byte_level.decode(want) == text


def test_byte_level_training_and_encoding_equal_the_library() -> None:
    tokenizers = pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import models, pre_tokenizers, trainers

    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + 150, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    merges = byte_level.train(TEXTS, 150)
    assert [list(pair) for pair in merges] == json.loads(tokenizer.to_str())["model"]["merges"]
    assert tokenizer.get_vocab_size() == byte_level.vocabulary_size(150) == 406
    for text in [text for pair in HELD_OUT for text in pair] + ["龘 🙂 naïve", ""]:
        assert byte_level.encode(text, merges) == tokenizer.encode(text).tokens
        assert byte_level.decode(byte_level.encode(text, merges)) == text


def test_bytes_of_a_greeting() -> None:
    """Page: the table of the first merges over bytes, and the token counts of 你好 before and after."""
    words = {byte_level.spell(word): n for word, n in byte_level.GREETINGS.items()}
    steps = bpe.train(words, 7, alphabet=byte_level.TABLE.values())

    def shown(symbol: str) -> str:
        return "".join(f"{byte_level.BACK[char]:02X}" for char in symbol)

    assert [(shown(step.pair[0]), shown(step.pair[1]), step.count) for step in steps] == [
        ("E4", "BB", 11),
        ("BD", "A0", 8),
        ("E4", "BDA0", 8),
        ("E4BB", "AC", 7),
        ("A5", "BD", 5),
        ("E5", "A5BD", 5),
        ("E4BDA0", "E5A5BD", 5),
    ]
    merges = [step.pair for step in steps]
    lengths = [len(bpe.encode(byte_level.spell("你好"), merges[:n])) for n in range(8)]
    assert lengths == [6, 6, 5, 4, 4, 3, 2, 1]
    assert byte_level.decode(["".join(byte_level.spell("他"))[:2]]) == "�"
    assert [shown("".join(byte_level.spell(char))) for char in "你好他们"] == [
        "E4BDA0",
        "E5A5BD",
        "E4BB96",
        "E4BBAC",
    ]


def test_size_of_the_vocabulary_of_gpt2() -> None:
    """Page: 256 bytes, 50 000 merges, one special token; the space is written Ġ."""
    assert byte_level.vocabulary_size(50_000, special=1) == 50_257
    assert byte_level.TABLE[0x20] == "Ġ"
    assert len([byte for byte, char in byte_level.TABLE.items() if ord(char) == byte]) == 188 == 256 - 68
    assert byte_level.split("low lower!") == ["low", " lower", "!"]
    assert byte_level.split("dog. dog!") == ["dog", ".", " dog", "!"]


def test_numbers_of_the_playground() -> None:
    """docs/playground/bpe-training.md: 40 merges on eight sentences, in English alone and in both languages."""
    chinese, english = "模型切成小段", " the tokens of the text"
    alone, both = ([text for pair in PARALLEL[:8] for text in pair[first:]] for first in (1, 0))
    lengths = []
    for corpus in (alone, both):
        merges = byte_level.train(["\n".join(corpus)], 40)
        assert len(merges) == 40
        lengths.append([len(byte_level.encode(text, merges)) for text in (chinese, english)])
    assert lengths == [[18, 6], [13, 9]]
    assert len(chinese.encode()) == 18
    corpus = ["\n".join(word for word, n in byte_level.GREETINGS.items() for _ in range(n))]
    merges = byte_level.train(corpus, 7)
    assert [len(byte_level.encode("你好", merges[:n])) for n in (0, 7)] == [6, 1]
