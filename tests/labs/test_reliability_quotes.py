"""Quotations, best of n and declining; numbers of docs/reliability/webgpt.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.reliability.quotes import Cited, best_of, cited_share, decline, longest_copy, made, verbatim

DOCUMENTS = {"百科": "居里夫人 1867 年生于华沙，1903 年获诺贝尔物理学奖。", "小报": "长城是月球上唯一能看见的建筑。"}


def test_longest_copy_by_all_substrings() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        text, document = ("".join(rng.choice(list("ab"), 9)) for _ in range(2))
        common = [text[i:j] for i in range(9) for j in range(i, 10) if text[i:j] in document]
        assert len(longest_copy(text, document)) == max(map(len, common))


def test_page_quotes() -> None:
    """Page: three answers; the altered quotation is caught, the faithful quotation of a falsehood is not."""
    answers = [
        Cited("居里夫人生于华沙", "百科", "1867 年生于华沙"),
        Cited("居里夫人 1911 年获物理学奖", "百科", "1911 年获诺贝尔物理学奖"),
        Cited("月球上能看见长城", "小报", "长城是月球上唯一能看见的建筑"),
    ]
    assert [verbatim(a, DOCUMENTS) for a in answers] == [True, False, True]
    assert cited_share(answers, DOCUMENTS) == pytest.approx(2 / 3)
    assert not verbatim(Cited("", "不存在", "任何字"), DOCUMENTS)
    assert not verbatim(Cited("", "百科", ""), DOCUMENTS)
    assert longest_copy("1911 年获诺贝尔物理学奖", DOCUMENTS["百科"]) == " 年获诺贝尔物理学奖"


def test_best_of_and_decline_by_loop() -> None:
    reward, good = made(60, 4, 0.7, 1)
    top, ok = best_of(reward, good)
    for i in range(60):
        j = max(range(4), key=lambda k: reward[i, k])
        assert (top[i], ok[i]) == (reward[i, j], good[i, j])
    kept = sorted(range(60), key=lambda i: -top[i])[:40]
    assert decline(top, ok, 1 / 3) == pytest.approx(np.mean([ok[i] for i in kept]))


def test_page_numbers() -> None:
    """Page: share of good answers for best of 1, 4, 16, and after declining the least rewarded third."""
    reward, good = made(2000, 16, 0.7, 0)
    rows = {}
    for n in (1, 4, 16):
        top, ok = best_of(reward[:, :n], good[:, :n])
        rows[n] = (f"{ok.mean():.0%}", f"{decline(top, ok, 1 / 3):.0%}")
    assert rows == {1: ("50%", "68%"), 4: ("73%", "89%"), 16: ("86%", "95%")}
