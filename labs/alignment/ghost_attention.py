r"""Ghost Attention: a training sample that keeps an instruction alive over many turns.

Sampling sees the instruction at every turn; the training sample keeps it in the first turn only, and only the last
answer carries loss. Source: Touvron et al. (arXiv:2307.09288), section 3.3.
"""

from __future__ import annotations

Turn = tuple[list[str], list[str]]
"""Tokens of the user's message, tokens of the assistant's answer."""


# --8<-- [start:gatt]
def sampling_context(instruction: list[str], turns: list[Turn]) -> list[str]:
    """What the latest RLHF model reads when it writes the last answer: the instruction stands before every message."""
    context: list[str] = []
    for user, answer in turns[:-1]:
        context += instruction + user + answer
    return context + instruction + turns[-1][0]


def training_sample(instruction: list[str], turns: list[Turn]) -> tuple[list[str], list[int]]:
    """Tokens and loss mask: the instruction once, at the start; loss on the last answer and on nothing before it."""
    tokens = list(instruction)
    for user, answer in turns:
        tokens += user + answer
    last = len(turns[-1][1])
    return tokens, [0] * (len(tokens) - last) + [1] * last


# --8<-- [end:gatt]
