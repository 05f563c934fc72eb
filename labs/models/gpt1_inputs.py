r"""GPT-1: four kinds of task become one sequence each, read by an unchanged decoder and one linear layer.

Source: Radford et al., *Improving Language Understanding by Generative Pre-Training* (2018), sections 3.2 and 3.3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Tokens = list[str]
Reader = Callable[[Tokens], Array]  # a sequence → the last block's state at <extract>, (d,)

START, DELIM, EXTRACT = "<s>", "$", "<e>"


# --8<-- [start:inputs]
def classification(text: Tokens) -> list[Tokens]:
    """One text, one sequence."""
    return [[START, *text, EXTRACT]]


def entailment(premise: Tokens, hypothesis: Tokens) -> list[Tokens]:
    """The order matters, so one sequence."""
    return [[START, *premise, DELIM, *hypothesis, EXTRACT]]


def similarity(a: Tokens, b: Tokens) -> list[Tokens]:
    """Neither comes first: both orders, and the two states are added before the linear layer."""
    return [[START, *a, DELIM, *b, EXTRACT], [START, *b, DELIM, *a, EXTRACT]]


def multiple_choice(context: Tokens, answers: list[Tokens]) -> list[Tokens]:
    """Document and question with each answer; every sequence gets a score, a softmax compares them."""
    return [[START, *context, DELIM, *answer, EXTRACT] for answer in answers]


# --8<-- [end:inputs]


# --8<-- [start:heads]
def class_probabilities(read: Reader, sequences: list[Tokens], w: Array) -> Array:
    """Sum of the states (one or two) through `w` (d, C) → (C,)."""
    return softmax(np.sum([read(s) for s in sequences], axis=0) @ w)


def choice_probabilities(read: Reader, sequences: list[Tokens], w: Array) -> Array:
    """One score a sequence with `w` (d,), normalised over the answers (A,)."""
    return softmax(np.array([read(s) @ w for s in sequences]))


def fine_tuning_loss(p_label: float, token_log_p: Array, weight: float = 0.5) -> float:
    """L3 = L2 + λ·L1 as a loss: label cross-entropy plus λ times the language-model loss of the same text (n,)."""
    return float(-np.log(p_label) - weight * token_log_p.sum())


# --8<-- [end:heads]
