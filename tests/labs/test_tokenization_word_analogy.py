"""Word analogy with and without its exclusion; numbers of docs/tokenization/semantic-space.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.tokenization.word_analogy import WORDS, accuracy, cosines, nearest_to_c, pairs, royals, three_cos_add

KING, MAN, WOMAN, QUEEN = range(4)


def test_cosines_and_search_equal_a_loop() -> None:
    v = np.random.default_rng(0).standard_normal((12, 5))
    unit = [x / np.linalg.norm(x) for x in v]
    query = unit[1] - unit[0] + unit[2]
    want = [float(x @ query / np.linalg.norm(query)) for x in unit]
    np.testing.assert_allclose(cosines(query, v), want, rtol=1e-12)
    assert three_cos_add(v, 0, 1, 2, exclude=False) == max(range(12), key=lambda i: want[i])
    assert three_cos_add(v, 0, 1, 2, exclude=True) == max(range(3, 12), key=lambda i: want[i])
    assert nearest_to_c(v, 0, 1, 2) == max(range(3, 12), key=lambda i: float(unit[i] @ unit[2]))


def test_page_parallelogram_without_private_parts() -> None:
    v = royals(own=0)
    np.testing.assert_allclose(v[KING] - v[MAN] + v[WOMAN], v[QUEEN], atol=1e-15)
    assert WORDS[three_cos_add(v, MAN, KING, WOMAN, exclude=False)] == "女王"


@pytest.mark.parametrize("gender", [0.3, 0.5, 0.8])
def test_page_queen_wins_only_below_the_threshold(gender: float) -> None:
    """Page: 女王 is nearest while own < gender (both squared lengths, gender ≤ 1); above, it is 国王 itself."""
    for own, winner in ((0.98 * gender, QUEEN), (1.02 * gender, KING)):
        v = royals(own, gender)
        assert three_cos_add(v, MAN, KING, WOMAN, exclude=False) == winner
        assert three_cos_add(v, MAN, KING, WOMAN, exclude=True) == QUEEN


def test_page_cosines_of_the_figure() -> None:
    """Page: with gender 0.5 and own 1, 国王 0.60, 女王 and 女人 0.45; exclusion leaves 女王 because 4 words are all."""
    v = royals(1.0)
    found = cosines(v[KING] - v[MAN] + v[WOMAN], v)
    np.testing.assert_array_equal(found[[KING, QUEEN, WOMAN]].round(2), [0.60, 0.45, 0.45])
    v = royals(0.25)
    found = cosines(v[KING] - v[MAN] + v[WOMAN], v)
    np.testing.assert_array_equal(found[[KING, QUEEN, WOMAN]].round(2), [0.63, 0.76, 0.38])


def run(offset: float, own: float) -> dict[str, float]:
    return accuracy(pairs(20, offset, base=1.0, own=own, d=100, rng=np.random.default_rng(0)))


def test_page_accuracy_table() -> None:
    """Page: 20 pairs, 380 questions, common offset of length 1, 0.5 or 0."""
    table = {o: {name: round(100 * share) for name, share in run(o, 0.5).items()} for o in (1.0, 0.5, 0.0)}
    assert table == {
        1.0: {"excluded": 100, "all words": 61, "no offset": 100},
        0.5: {"excluded": 100, "all words": 2, "no offset": 100},
        0.0: {"excluded": 100, "all words": 0, "no offset": 100},
    }


def test_pairs_have_the_lengths_asked_for() -> None:
    v = pairs(50, 2.0, 1.0, 0.5, 400, np.random.default_rng(1))
    shift = (v[50:] - v[:50]).mean(axis=0)
    assert np.linalg.norm(shift) == pytest.approx(2.0, rel=0.1)
    rest = v[50:] - v[:50] - shift
    assert (rest**2).sum(axis=1).mean() == pytest.approx(2 * 0.25, rel=0.1)  # two private parts
