r"""What random and hard negatives can teach: a loud topic tells most passages apart, a quiet detail the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.rag.contrastive import info_nce
from labs.rag.dense import unit

Array = npt.NDArray[np.float64]
TOPICS, DETAILS, WIDTH = 40, 8, 16


def passages(seed: int = 0) -> Array:
    """(320, 48): topic (shared by 8), own style (says nothing to a query), own detail; ever quieter."""
    rng = np.random.default_rng(seed)
    topic = np.repeat(unit(rng.standard_normal((TOPICS, WIDTH))), DETAILS, axis=0)  # (320, 16)
    style, detail = (unit(rng.standard_normal((TOPICS * DETAILS, WIDTH))) for _ in range(2))
    return np.concatenate([topic, 0.5 * style, 0.25 * detail], axis=1)


def ask(of: Array, rng: np.random.Generator) -> Array:
    """(b, 48) a query for each passage `of` (b, 48): same topic and detail, slightly blurred, in a style of its own."""
    blur = np.repeat([0.1, 0.0, 0.025], WIDTH) * rng.standard_normal(of.shape)
    query = of + blur
    query[:, WIDTH : 2 * WIDTH] = 0.5 * unit(rng.standard_normal((len(of), WIDTH)))
    return query


# --8<-- [start:train]
def train(kind: str, steps: int, seed: int = 1) -> Array:
    """(48,) a gain per input dimension, shared by both towers; one `kind` (random or hard) negative a query."""
    rng, corpus, batch, tau, lr = np.random.default_rng(seed), passages(), 16, 0.05, 0.1
    gain = np.ones(corpus.shape[1])  # (48,)
    for _ in range(steps):
        own = rng.permutation(TOPICS)[:batch] * DETAILS + rng.integers(0, DETAILS, batch)  # (b,) one a topic
        if kind == "hard":  # another passage of the same topic
            other = own - own % DETAILS + (own + rng.integers(1, DETAILS, batch)) % DETAILS
        else:
            other = (own + rng.integers(1, len(corpus), batch)) % len(corpus)
        q, p = ask(corpus[own], rng), corpus[np.concatenate([own, other])]  # (b, 48), (2b, 48)
        _, to_q, to_p = info_nce(q * gain, p * gain, tau)
        gain = gain - lr * ((to_q * q).sum(0) + (to_p * p).sum(0))
    return gain


# --8<-- [end:train]


def accuracy(gain: Array, seed: int = 99, repeats: int = 5) -> tuple[float, float]:
    """Share of fresh queries whose best passage has the right topic, and is the right passage."""
    corpus, rng = passages(), np.random.default_rng(seed)
    own = np.tile(np.arange(len(corpus)), repeats)  # (5·320,)
    best = ((ask(corpus[own], rng) * gain) @ (corpus * gain).T).argmax(1)  # (5·320,)
    return float((best // DETAILS == own // DETAILS).mean()), float((best == own).mean())
