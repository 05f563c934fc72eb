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


def page() -> list[str]:
    """What happens in the things to try, and E2M1's largest number, one a line."""

    def told(x: float, name: str) -> dict[str, Any]:
        return _kept(repr(x), name)

    near, far = told(65_519, "fp16"), told(65_520, "fp16")
    # What the next number would be if the largest exponent were not kept for ∞.
    beyond = near["value"] + (near["value"] - near["below"])
    assert (near["above"], far["kind"], (near["value"] + beyond) / 2) == (None, "infinite", 65_520)
    absorbed, exact = told(1 + 2**-11, "fp16"), told(1 - 2**-11, "fp16")
    assert (absorbed["value"], exact["error"]) == (1, 0)
    assert 2 * (1 - absorbed["below"]) == absorbed["above"] - 1
    tenth = {name: told(0.1, name) for name in NAMED}
    assert tenth["tf32"]["value"] == tenth["fp16"]["value"]
    assert NAMED["tf32"].k == NAMED["fp16"].k
    return [
        f"前者存成 {near['value']:.0f}，后者成了无穷",
        f"{near['value']:.0f} 与下一个格点 {beyond:.0f} 的正中",
        f"尾数同是 {NAMED['fp16'].k} 位",
        f"BF16 的误差约是它们的 {abs(tenth['bf16']['error'] / tenth['fp16']['error']):.3g} 倍",
        f"E2M1 只有 {2**E2M1.bits} 个编码，最近的是 {tenth['e2m1']['value']:.0f}",
        f"把超出的存成最大值 {E2M1.max:.0f}",
    ]
