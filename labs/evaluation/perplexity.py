r"""Perplexity: a geometric mean that depends on the tokenizer and on how much context each token is given.

Sources: Hugging Face Transformers documentation, *Perplexity of fixed-length models*; the toy model is the
Dirichlet-multinomial predictive rule (add-α counts of the context).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:perplexity]
def token_nll(logits: Array, ids: Ids) -> Array:
    r"""$-\log p(x_t)$ in nats of each token: `logits` (T, V), `ids` (T,) → (T,)."""
    top = logits.max(axis=-1, keepdims=True)  # (T, 1): subtracted so that exp cannot overflow
    log_sum = top[:, 0] + np.log(np.exp(logits - top).sum(axis=-1))  # (T,)
    nll: Array = log_sum - logits[np.arange(len(ids)), ids]  # (T,)
    return nll


def perplexity(nll: Array) -> float:
    """exp of the mean over tokens, never the mean of the perplexities of parts."""
    return float(np.exp(nll.mean()))


@dataclass(frozen=True)
class Score:
    """One text under one model, in units that do and do not depend on the tokenizer."""

    per_token: float
    per_char: float
    bits_per_byte: float


def score(total_nll: float, tokens: int, text: str) -> Score:
    """The same total −log p of `text`, divided by tokens, characters and UTF-8 bytes."""
    n_bytes = len(text.encode())
    return Score(
        per_token=float(np.exp(total_nll / tokens)),
        per_char=float(np.exp(total_nll / len(text))),
        bits_per_byte=total_nll / (n_bytes * float(np.log(2))),
    )


# --8<-- [end:perplexity]


# --8<-- [start:window]
def windows(length: int, window: int, stride: int) -> list[tuple[int, int, int]]:
    """(begin, first, end): positions first..end−1 are scored with the tokens from `begin` on as context.

    Every position is scored exactly once; each window after the first re-reads window − stride tokens.
    """
    spans, first = [], 0
    for begin in range(0, length, stride):
        end = min(begin + window, length)
        spans.append((begin, first, end))
        first = end
        if end == length:
            break
    return spans


def sliding_nll(ids: Ids, vocab: int, window: int, stride: int, alpha: float = 0.1) -> Array:
    """Loss of each token (T,) under a model that predicts from the counts of the tokens in its window."""
    out = np.empty(len(ids))
    for begin, first, end in windows(len(ids), window, stride):
        counts = np.bincount(ids[begin:first], minlength=vocab) + alpha  # (V,): what the window has shown so far
        for t in range(first, end):
            out[t] = -np.log(counts[ids[t]] / counts.sum())
            counts[ids[t]] += 1
    return out


# --8<-- [end:window]


def bursty_text(length: int, vocab: int, seed: int) -> Ids:
    """Tokens (T,) of a text that prefers a few words of its own: a draw from a random sparse distribution."""
    rng = np.random.default_rng(seed)
    return rng.choice(vocab, size=length, p=rng.dirichlet(np.full(vocab, 0.1)))
