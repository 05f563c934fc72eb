r"""Constrained decoding: an automaton says which tokens may come next, all others get −∞.

Source: Willard & Louf (arXiv:2307.09702), section 3. The automaton is built from four combinators instead of a regex
parser; a state is the set of expressions that the rest of the text may still match (Brzozowski's derivatives).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Expr = tuple[object, ...]  # ("lit", char set) | ("seq", a, b) | ("alt", a, b) | ("star", a) | ("eps",) | ("none",)
EPS, NONE = ("eps",), ("none",)


def seq(*parts: Expr) -> Expr:
    """One after the other."""
    out: Expr = EPS
    for part in reversed(parts):
        if NONE in (part, out):
            return NONE
        out = part if out == EPS else out if part == EPS else ("seq", part, out)
    return out


def alt(*options: Expr) -> Expr:
    """Any one of them."""
    out: Expr = NONE
    for option in reversed(options):
        out = option if out in (NONE, option) else out if option == NONE else ("alt", option, out)
    return out


def star(inner: Expr) -> Expr:
    """None or any number of times."""
    return ("star", inner)


def text(string: str) -> Expr:
    """Exactly this string."""
    return seq(*(("lit", c) for c in string))


def one_of(chars: str) -> Expr:
    """One character of a set."""
    return ("lit", chars)


# --8<-- [start:automaton]
@cache
def done(e: Expr) -> bool:
    """May the text end here?"""
    kind, *parts = e
    inner = [p for p in parts if isinstance(p, tuple)]
    return {"eps": True, "star": True, "seq": all(map(done, inner)), "alt": any(map(done, inner))}.get(str(kind), False)


@cache
def after(e: Expr, char: str) -> Expr:
    """What the rest must match once `char` has been read; NONE if `char` cannot come."""
    match e:
        case ("lit", str(chars)):
            return EPS if char in chars else NONE
        case ("seq", tuple(a), tuple(b)):
            return alt(seq(after(a, char), b), after(b, char) if done(a) else NONE)
        case ("alt", tuple(a), tuple(b)):
            return alt(after(a, char), after(b, char))
        case ("star", tuple(a)):
            return seq(after(a, char), e)
    return NONE


def read(e: Expr, string: str) -> Expr:
    """`after` for a whole token."""
    for char in string:
        e = after(e, char)
    return e


# --8<-- [end:automaton]


# --8<-- [start:decode]
def mask(e: Expr, vocabulary: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(V,) tokens that keep the text completable; the empty string stands for the end token."""
    return np.array([read(e, token) != NONE if token else done(e) for token in vocabulary])


def constrained(e: Expr, vocabulary: Sequence[str], logits: Callable[[str], Array], most: int = 100) -> str:
    """Greedy decoding under the automaton `e`; `logits` gives (V,) for the text so far."""
    out = ""
    for _ in range(most):
        scores = np.where(mask(e, vocabulary), logits(out), -np.inf)  # (V,)
        token = vocabulary[int(scores.argmax())]
        if not token:
            break
        out, e = out + token, read(e, token)
    return out


# --8<-- [end:decode]


# --8<-- [start:distortion]
def masked_share(first: Array, valid: Array) -> Array:
    """What masking step by step samples: the first token among those with any valid ending; `first`, `valid` (V,)."""
    p = first * (valid > 0)  # (V,)
    return np.asarray(p / p.sum())


def conditional_share(first: Array, valid: Array) -> Array:
    """What it should be: p(first token | the whole text is valid), `valid` the chance of a valid ending after it."""
    p = first * valid  # (V,)
    return np.asarray(p / p.sum())


# --8<-- [end:distortion]
