"""WordPiece against the `tokenizers` library, and the numbers of docs/tokenization/wordpiece.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from labs.tokenization import wordpiece
from labs.tokenization.bpe import CHINESE, ENGLISH, Symbols, pair_counts
from labs.tokenization.corpus import HELD_OUT, PARALLEL

NEEDS = "needs tokenizers==0.23.3"


def spelled(words: dict[str, int]) -> dict[Symbols, int]:
    return {wordpiece.spell(word): n for word, n in words.items()}


def test_encoding_equals_the_library() -> None:
    pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import models

    corpus = [word for pair in PARALLEL for text in pair for word in text.split(" ")]
    learned = sorted(
        {
            (wordpiece.PREFIX if i else "") + word[i : i + n]
            for word in corpus
            for i in range(0, 9, 2)
            for n in (1, 2, 4)
        }
        - {"", wordpiece.PREFIX}
    )
    model = models.WordPiece(
        vocab={token: i for i, token in enumerate([wordpiece.UNK, *learned])}, unk_token=wordpiece.UNK
    )
    rng = np.random.default_rng(0)
    letters = sorted(set().union(*corpus))
    words = [word for pair in HELD_OUT for text in pair for word in text.split(" ")]
    words += ["".join(rng.choice(letters, 6)) for _ in range(200)] + ["strange龘", "walk"]
    got = [wordpiece.encode(word, set(learned)) for word in words]
    assert got == [[token.value for token in model.tokenize(word)] for word in words]
    assert [wordpiece.UNK] in got
    assert any(len(pieces) > 2 for pieces in got)


@pytest.mark.parametrize(("words", "merges"), [(ENGLISH, 8), (CHINESE, 7)])
def test_trainer_of_the_library_goes_by_frequency(words: dict[str, int], merges: int) -> None:
    """Page: WordPieceTrainer of `tokenizers` is BPE training with ## marks, and knows no likelihood."""
    tokenizers = pytest.importorskip("tokenizers", reason=NEEDS)
    from tokenizers import models, pre_tokenizers, trainers

    base = len(wordpiece.symbol_counts(spelled(words)))
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token=wordpiece.UNK))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.WordPieceTrainer(vocab_size=1, show_progress=False)
    tokenizer.train_from_iterator((" ".join([word] * n) for word, n in words.items()), trainer)
    alphabet = set(tokenizer.get_vocab())  # with the alphabet also in its unmarked form
    trainer = trainers.WordPieceTrainer(vocab_size=len(alphabet) + merges, show_progress=False)
    tokenizer.train_from_iterator((" ".join([word] * n) for word, n in words.items()), trainer)
    theirs = set(tokenizer.get_vocab()) - alphabet
    ours = {rule: wordpiece.train(words, merges, rule)[base:] for rule in (wordpiece.frequency, wordpiece.score)}
    assert len(theirs) == merges
    same = theirs & set(ours[wordpiece.frequency])
    assert len(same) >= merges - 1  # in Chinese, the tie of 深度 and 度学习 falls differently
    assert len(theirs & set(ours[wordpiece.score])) < merges - 1


def test_gain_is_the_change_of_the_likelihood() -> None:
    """By hand, for one word ab ab c: merging a with b leaves two symbols ab and one c."""
    words = {("a", "##b", "##a", "##b"): 1, ("c",): 1}
    assert wordpiece.log_likelihood(words) == pytest.approx(2 * log(2 / 5) + 3 * log(1 / 5))
    got = wordpiece.gain(words, ("##b", "##a"))
    assert got == pytest.approx(4 * log(1 / 4) - 2 * log(2 / 5) - 3 * log(1 / 5))


def test_first_merges_of_the_three_rules() -> None:
    """Page: the table of pairs in Chinese; the three rules choose three pairs."""
    words = spelled(CHINESE)
    pairs = {
        "学习": ("##学", "##习"),
        "机器": ("机", "##器"),
        "深度": ("深", "##度"),
        "翻译": ("##翻", "##译"),
        "器学": ("##器", "##学"),
    }
    table = {
        name: (
            wordpiece.frequency(words, pair),
            round(wordpiece.score(words, pair), 3),
            round(wordpiece.gain(words, pair), 1),
        )
        for name, pair in pairs.items()
    }
    assert table == {
        "学习": (10, 0.083, 21.3),
        "机器": (9, 0.111, 25.0),
        "深度": (4, 0.25, 14.6),
        "翻译": (3, 0.333, 11.8),
        "器学": (6, 0.067, 6.8),
    }
    assert wordpiece.best(words, wordpiece.frequency) == pairs["学习"]
    assert wordpiece.best(words, wordpiece.score) == pairs["翻译"]
    assert wordpiece.best(words, wordpiece.gain) == pairs["机器"]
    counts = wordpiece.symbol_counts(words)
    assert (counts["##学"], counts["学"], counts["##习"]) == (10, 2, 12)
    assert (counts["##翻"], counts["##译"], counts["机"], counts["##器"]) == (3, 3, 9, 9)


def test_english_vocabulary_of_the_three_rules() -> None:
    """Page: the first six merges in English, by rule."""
    base = len(wordpiece.symbol_counts(spelled(ENGLISH)))
    learned = {
        rule.__name__: wordpiece.train(ENGLISH, 6, rule)[base:]
        for rule in (wordpiece.frequency, wordpiece.score, wordpiece.gain)
    }
    assert learned == {
        "frequency": ["##al", "##alk", "walk", "##in", "##ing", "##ed"],
        "score": ["##ed", "##in", "##ing", "##al", "##alk", "##alked"],
        "gain": ["##al", "##alk", "##in", "##ing", "walk", "talk"],
    }
    words = spelled(ENGLISH)
    assert round(wordpiece.score(words, ("##e", "##d")), 2) == 0.2  # 5 / (5 · 5)
    assert round(wordpiece.score(words, ("##a", "##l")), 3) == 0.059  # 17 / (17 · 17)


def test_count_times_log_score_approximates_the_gain() -> None:
    """Page: count · log(N · score) orders these pairs as the gain does, although its values are smaller."""
    words = spelled(CHINESE)
    total = sum(wordpiece.symbol_counts(words).values())
    assert total == 58

    def rough(pair: tuple[str, str]) -> float:
        return wordpiece.frequency(words, pair) * log(total * wordpiece.score(words, pair))

    assert round(rough(("##翻", "##译")), 1) == 8.9
    assert round(wordpiece.gain(words, ("##翻", "##译")), 1) == 11.8
    assert round(rough(("机", "##器")), 1) == 16.8
    five = [("##学", "##习"), ("机", "##器"), ("深", "##度"), ("##翻", "##译"), ("##器", "##学")]
    assert sorted(five, key=rough) == sorted(five, key=lambda pair: wordpiece.gain(words, pair))
    assert max(pair_counts(words), key=rough) == ("机", "##器")


def test_longest_match_can_fail_where_a_segmentation_exists() -> None:
    """Page: 研究生命 with and without ##命, and the word that is lost whole."""
    vocab = {"研", "研究", "研究生", "##究", "##生", "##生命", "##起", "##源", "##起源"}
    assert wordpiece.encode("研究生命", vocab) == ["[UNK]"]
    assert wordpiece.encode("研究生命", vocab | {"##命"}) == ["研究生", "##命"]
    assert wordpiece.encode("研究", vocab) == ["研究"]
    vocab = {"un", "##able", "##aff", "walk", "##ing"}
    assert wordpiece.encode("unaffable", vocab) == ["un", "##aff", "##able"]
    assert wordpiece.encode("walkings", vocab) == ["[UNK]"]
