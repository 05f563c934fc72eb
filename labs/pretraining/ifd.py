r"""Instruction-following difficulty on a toy model: loss of the answer given the instruction over the loss without it.

Source: Li et al., *From Quantity to Quality* (arXiv:2308.12032), section 2. The model mixes two character
tables counted on a few seed samples: the next character after the last one, and after each character of the question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Toy:
    """Tables of probabilities over V characters; index 0 stands for the start of the answer."""

    index: dict[str, int]
    unigram: Array  # (V,)
    bigram: Array  # (V, V): row = previous character of the answer
    link: Array  # (V, V): row = character of the instruction, column = character of the answer


def train(seed: list[tuple[str, str]], alphabet: str, smoothing: float = 0.1) -> Toy:
    """Counts on (instruction, answer) pairs, every count raised by `smoothing`."""
    index = {ch: i + 1 for i, ch in enumerate(sorted(set(alphabet)))}
    v = len(index) + 1
    unigram, bigram, link = np.full(v, smoothing), np.full((v, v), smoothing), np.full((v, v), smoothing)
    for question, answer in seed:
        ids = [index[ch] for ch in answer]
        for last, now in zip([0, *ids], ids, strict=False):
            unigram[now] += 1
            bigram[last, now] += 1
            for ch in set(question):
                link[index[ch], now] += 1
    return Toy(index, unigram / unigram.sum(), bigram / bigram.sum(1, keepdims=True), link / link.sum(1, keepdims=True))


# --8<-- [start:ifd]
def loss(model: Toy, answer: str, question: str = "") -> float:
    """Mean of −log p over the answer's characters; without a question its table falls back to the unigram."""
    context = sorted({model.index[ch] for ch in question})
    topic = model.link[context].mean(0) if context else model.unigram  # (V,)
    ids = [model.index[ch] for ch in answer]
    p = np.array([0.5 * model.bigram[a, b] + 0.5 * topic[b] for a, b in zip([0, *ids], ids, strict=False)])  # (n,)
    return float(-np.log(p).mean())


def ifd(model: Toy, question: str, answer: str) -> float:
    """s(A | Q) / s(A): near 0 easy, near 1 the instruction hardly helps, above 1 it misleads."""
    return loss(model, answer, question) / loss(model, answer)


def select(scores: Array, share: float) -> list[int]:
    """Drop what scores 1 or more, then keep the highest `share` of all samples."""
    order = [int(i) for i in np.argsort(-scores) if scores[i] < 1]
    return order[: round(share * len(scores))]


# --8<-- [end:ifd]

SEED = [
    ("天空是什么颜色", "天空是蓝色"),
    ("草地是什么颜色", "草地是绿色"),
    ("一加一等于几", "等于二"),
    ("二加三等于几", "等于五"),
    ("猫怎么叫", "喵喵叫"),
    ("狗怎么叫", "汪汪叫"),
]
POOL = {
    "已会": ("狗怎么叫", "汪汪叫"),
    "相近": ("一加三等于几", "等于四"),
    "较难": ("天空为什么是蓝色", "因为散射"),
    "错配": ("猫怎么叫", "等于五"),
}


def toy() -> Toy:
    """The model of the page."""
    return train(SEED, "".join(q + a for q, a in [*SEED, *POOL.values()]))
