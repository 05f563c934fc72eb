"""The widget float-bits against labs/numerics/float_formats.py."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np

from labs.numerics.float_formats import E2M1, FORMATS, decode, encode, kind, neighbours
from tests.playground import Check

NAMED = {f.name.split()[-1].lower(): f for f in (*FORMATS, E2M1)}


def _draw(rng: Random) -> list[Any]:
    """Numbers of every size, middles of neighbours (ties) and numbers beside them, and codes."""
    name = rng.choice(list(NAMED))
    f = NAMED[name]
    code = rng.randrange(2**f.bits)
    value = float(decode(np.array(code), f))
    above = float(neighbours(np.array(code), f)[1])
    middle = (value + above) / 2
    x = rng.choice([value, middle, math.nextafter(middle, 0), rng.uniform(-1, 1) * 2.0 ** rng.uniform(-160, 140)])
    return [rng.choice([repr(x), repr(x), f"0x{code:X}"]), name]


def _kept(text: str, name: str) -> dict[str, Any]:
    f = NAMED[name]
    code = int(text, 16) if text.startswith("0x") else int(encode(np.array(float(text)), f))
    x = float(decode(np.array(code), f)) if text.startswith("0x") else float(text)
    value = float(decode(np.array(code), f))
    below, above = (float(each) for each in neighbours(np.array(code), f))
    numbers = {"x": x, "value": value, "error": value - x, "below": below, "above": above}
    # JSON has neither ∞ nor NaN; `kind` and the code say which of them it is.
    finite = {key: number if math.isfinite(number) else None for key, number in numbers.items()}
    return {"code": code, "kind": kind(code, f), **finite}


CHECKS = [Check("kept", _draw, _kept)]


def shown() -> list[str]:
    """0.1 in each format, as number and as code."""
    codes = {f: int(encode(np.array(0.1), f)) for f in NAMED.values()}
    values = [f"{float(decode(np.array(code), f)):.17g}" for f, code in codes.items() if f is E2M1 or f.k <= 10]
    return [*values, *(f"0x{code:0{math.ceil(f.bits / 4)}X}" for f, code in codes.items())]
