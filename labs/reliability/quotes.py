r"""Answers that must bring a quotation: is it verbatim, does it support the answer, and when to decline.

Source: Menick et al., *GopherCite* (arXiv:2203.11147): inline quotes from the retrieved documents,
the best of n by a reward model, and "I don't know" below a threshold on that reward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cited:
    """A claim, the document that it cites and the words that it quotes from it."""

    claim: str
    document: str
    quote: str


# --8<-- [start:check]
def verbatim(answer: Cited, documents: Mapping[str, str]) -> bool:
    """Does the quotation stand in the cited document, character for character? A program can tell."""
    return bool(answer.quote) and answer.quote in documents.get(answer.document, "")


def longest_copy(text: str, document: str) -> str:
    """The longest stretch of `text` that the document holds: what a faithful quotation could have been."""
    best = ""
    for i in range(len(text)):
        while i + len(best) < len(text) and text[i : i + len(best) + 1] in document:
            best = text[i : i + len(best) + 1]
    return best


# --8<-- [end:check]


# --8<-- [start:decline]
def best_of(rewards: Array, good: npt.NDArray[np.bool_]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Of n answers per question, rewards (questions, n): the best one's reward and whether it is good (questions,)."""
    top = rewards.argmax(1)  # (questions,)
    rows = np.arange(len(rewards))
    return rewards[rows, top], good[rows, top]


def decline(reward: Array, good: npt.NDArray[np.bool_], share: float) -> float:
    """Quality of the answers that remain when the lowest-rewarded `share` of the questions gets "I don't know"."""
    keep = np.argsort(-reward, kind="stable")[: round(len(reward) * (1 - share))]
    return float(good[keep].mean())


# --8<-- [end:decline]


def made(questions: int, n: int, noise: float, seed: int) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Questions of different difficulty; a reward that sees quality through noise. (questions, n) both."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(1.5, 1.5, (questions, 1))  # (questions, 1)
    good = rng.random((questions, n)) < chance  # (questions, n)
    return good + noise * rng.standard_normal((questions, n)), good


def cited_share(answers: Sequence[Cited], documents: Mapping[str, str]) -> float:
    """Share of the claims whose quotation is verbatim."""
    return sum(verbatim(a, documents) for a in answers) / len(answers)
