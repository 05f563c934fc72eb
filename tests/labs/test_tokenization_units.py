"""Units and costs: the numbers of subword-tokenization.md and tokenization-challenges.md in docs/tokenization."""

from __future__ import annotations

import pytest

from labs.tokenization import byte_level, digits, granularity, token_cost
from labs.tokenization.corpus import HELD_OUT, PARALLEL

NEEDS = "needs tokenizers==0.23.3"
TEXTS = [*token_cost.CHINESE, *token_cost.ENGLISH]


def test_units_of_the_corpus() -> None:
    """Page subword-tokenization: table of vocabulary, length and unknown tokens."""
    zh, en = ([pair[i] for pair in HELD_OUT] for i in (0, 1))
    table = {}
    for tokenize in (granularity.words, granularity.characters, granularity.utf8_bytes):
        vocab = granularity.vocabulary(TEXTS, tokenize)
        table[tokenize.__name__] = (
            len(vocab),
            sum(len(tokenize(text)) for text in zh),
            sum(len(tokenize(text)) for text in en),
            round(granularity.unknown(zh, tokenize, vocab), 2),
            round(granularity.unknown(en, tokenize, vocab), 2),
        )
    assert table == {
        "words": (89, 4, 32, 1.0, 0.03),
        "characters": (116, 38, 177, 0.0, 0.0),
        "utf8_bytes": (94, 114, 177, 0.0, 0.0),
    }
    assert token_cost.cost(byte_level.train(TEXTS, 150)) == (63, 78)
    assert round((78 / 177) ** 2, 2) == 0.19  # page: about a fifth of the pairs of attention
    known = set(granularity.vocabulary(TEXTS, granularity.words))
    new = {word for text in en for word in text.split(" ")} - known
    assert new == {"length"}


def test_units_of_the_figure() -> None:
    """Figure granularity: four ways to cut 语言模型 tokens; 言 is in two parts, neither a character."""
    text = "语言模型 tokens"
    tokens = byte_level.encode(text, byte_level.train(TEXTS, 150))
    ways = (granularity.words, granularity.characters, granularity.utf8_bytes)
    assert [len(way(text)) for way in ways] == [2, 11, 19]
    assert [byte_level.decode([token]).strip("\ufffd") for token in tokens] == ["语", "", "", "模型", " token", "s"]


def test_embedding_parameters() -> None:
    """Page subword-tokenization: rows times d, twice if untied, and its share of 8.03 billion."""
    assert granularity.embedding_parameters(32_000, 4096, tied=False) == 262_144_000
    assert granularity.embedding_parameters(128_256, 4096, tied=False) == 1_050_673_152
    assert round(1_050_673_152 / 8.03e9, 2) == 0.13
    assert round(262_144_000 / 6.74e9, 3) == 0.039
    assert (1_050_673_152 - 262_144_000) / (8.03e9 - 6.74e9) > 0.6  # most of the growth
    assert round(1 - 3.17 / 3.94, 2) == 0.2  # page: about a fifth fewer tokens
    assert 128_000 + 256 == 128_256


def test_unknown_counts_each_occurrence() -> None:
    assert granularity.unknown(["a b a c"], granularity.words, ["a"]) == 0.5
    assert granularity.vocabulary(["b a", "a"], granularity.words) == ["a", "b"]


def test_cost_of_the_same_content() -> None:
    """Page tokenization-challenges: tokens of four sentences under both mixtures."""
    sizes = [0, 50, 100, 150, 200, 250]
    english = token_cost.curve(token_cost.MIXTURES["只有英文"], sizes)
    mixed = token_cost.curve(token_cost.MIXTURES["中英各半"], [*sizes, 400])
    assert english == [(114, 177), (114, 105), (114, 75), (114, 57), (114, 46), (114, 36)]
    assert mixed == [(114, 177), (87, 115), (74, 93), (63, 78), (51, 70), (45, 58), (33, 45)]
    assert sum(len(text) for text, _ in HELD_OUT) == 38  # Chinese characters, 3 bytes each
    assert sum(len(text.encode()) for text, _ in HELD_OUT) == 114
    assert round(114 / 46, 1) == 2.5
    assert round(114 / 177, 2) == 0.64
    assert round(51 / 70, 2) == 0.73
    assert len(byte_level.train(token_cost.ENGLISH, 400)) == 246  # nothing is left to merge
    assert len(PARALLEL) == 20


def test_groups_equal_the_library() -> None:
    tokenizers = pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import pre_tokenizers

    left = pre_tokenizers.Split(tokenizers.Regex(r"\p{N}{1,3}"), "isolated")
    right = pre_tokenizers.Split(tokenizers.Regex(r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))"), "isolated")
    each = pre_tokenizers.Digits(individual_digits=True)
    for number in ["7", "42", "123", "1000", "1234567", "98765432109876"]:
        for oracle, split in ((left, digits.from_left), (right, digits.from_right), (each, digits.single)):
            assert [piece for piece, _ in oracle.pre_tokenize_str(number)] == split(number)


def test_alignment() -> None:
    """Page and figure: 987654 + 45678 = 1033332, 789 + 456 = 1245, and all pairs of lengths up to 9."""
    assert digits.from_left("1234567") == ["123", "456", "7"]
    assert digits.from_right("1234567") == ["1", "234", "567"]
    column = ["987654", "45678", str(987654 + 45678)]
    assert column[2] == "1033332"
    assert [digits.borders(number, digits.from_left) for number in column] == [{3}, {2}, {4, 1}]
    assert [digits.borders(number, digits.from_right) for number in column] == [{3}, {3}, {6, 3}]
    assert not digits.aligned(column, digits.from_left)
    assert digits.aligned(column, digits.from_right)
    assert not digits.aligned(["789", "456", "1245"], digits.from_left)
    assert digits.aligned(["789", "456", "1245"], digits.from_right)
    assert digits.share_aligned(digits.from_left, 9) == pytest.approx(45 / 81)
    assert digits.share_aligned(digits.from_right, 9) == digits.share_aligned(digits.single, 9) == 1
    assert (digits.possible_tokens(1), digits.possible_tokens(3)) == (10, 1110)
    assert 1110 / 128_000 < 0.01
    assert digits.from_left("1245") == ["124", "5"]
    assert (len(digits.single("1234567890")), len(digits.from_right("1234567890"))) == (10, 4)
