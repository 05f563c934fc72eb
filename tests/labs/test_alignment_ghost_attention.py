"""Ghost Attention: a sample written out by hand, and the mask against its definition (page rlhf)."""

from __future__ import annotations

import pytest

from labs.alignment.ghost_attention import sampling_context, training_sample

RULE = ["只用", "英文"]
TURNS = [(["你好"], ["Hi"]), (["天气", "?"], ["Sunny"]), (["谢谢"], ["Welcome", "!"])]


def test_page_sample() -> None:
    """Page rlhf: instruction once in training, before every message in sampling, loss on two tokens of ten."""
    context = [*RULE, "你好", "Hi", *RULE, "天气", "?", "Sunny", *RULE, "谢谢"]
    assert sampling_context(RULE, TURNS) == context
    tokens, mask = training_sample(RULE, TURNS)
    assert tokens == ["只用", "英文", "你好", "Hi", "天气", "?", "Sunny", "谢谢", "Welcome", "!"]
    assert mask == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_only_the_last_answer_carries_loss(n: int) -> None:
    tokens, mask = training_sample(RULE, TURNS[:n])
    assert [t for t, m in zip(tokens, mask, strict=True) if m] == TURNS[n - 1][1]
    assert tokens.count("英文") == 1
    assert sampling_context(RULE, TURNS[:n]).count("英文") == n
