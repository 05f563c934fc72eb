r"""A number sequence planted in a corpus, and how surely a small n-gram model gives it back.

Exposure as in Carlini et al., *The Secret Sharer* (arXiv:1802.08232), section 4: the planted sequence is ranked among
all sequences that could have been planted. The model is a character n-gram with additive smoothing.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

PROMPT = "pin="
DIGITS = "0123456789"


def corpus(secret: str, copies: int, seed: int, others: int = 400) -> list[str]:
    """`others` lines with random numbers after the same prompt, and the secret `copies` times among them."""
    rng = np.random.default_rng(seed)
    lines = [PROMPT + "".join(map(str, row)) for row in rng.integers(0, 10, (others, 4)).tolist()]
    return lines + [PROMPT + secret] * copies


class Ngram:
    """Next character given the last `order`, counts plus `smooth` over ten digits."""

    def __init__(self, lines: list[str], order: int, smooth: float = 0.1) -> None:
        self.order, self.smooth = order, smooth
        self.after: Counter[tuple[str, str]] = Counter()
        self.context: Counter[str] = Counter()
        for line in lines:
            for i in range(len(PROMPT), len(line)):
                before = line[max(0, i - order) : i]
                self.after[before, line[i]] += 1
                self.context[before] += 1

    def probability(self, before: str, char: str) -> float:
        """Smoothed probability of `char` after the last characters of `before`."""
        before = before[-self.order :]
        return (self.after[before, char] + self.smooth) / (self.context[before] + self.smooth * len(DIGITS))

    def loss(self, secret: str) -> float:
        """Negative log-likelihood of the digits after the prompt, in nats."""
        line = PROMPT + secret
        return -sum(math.log(self.probability(line[:i], line[i])) for i in range(len(PROMPT), len(line)))

    def losses(self) -> dict[str, float]:
        """The loss of all 10,000 candidates at once, prefix by prefix."""
        table = {"": 0.0}
        for _ in range(4):
            table = {p + c: v - math.log(self.probability(PROMPT + p, c)) for p, v in table.items() for c in DIGITS}
        return table

    def greedy(self) -> str:
        """What the model writes after the prompt when it always takes the likeliest digit."""
        line = PROMPT
        for _ in range(4):
            line += max(DIGITS, key=lambda char: self.probability(line, char))
        return line[len(PROMPT) :]


# --8<-- [start:exposure]
def exposure(model: Ngram, secret: str) -> float:
    """log₂ of the number of candidates minus log₂ of the secret's rank: 0 is last, log₂ 10,000 ≈ 13.3 is first."""
    table = model.losses()
    rank = sum(loss <= table[secret] + 1e-12 for loss in table.values())  # ties count against the attacker
    return math.log2(len(table)) - math.log2(rank)


# --8<-- [end:exposure]


def extraction_rate(copies: int, seeds: int, order: int = 8) -> float:
    """Share of corpora whose model writes the planted secret when it is only given the prompt."""
    return sum(Ngram(corpus("7394", copies, s), order).greedy() == "7394" for s in range(seeds)) / seeds
