r"""Synthetic code kept only if it passes its tests: what the filter lets through depends on the tests.

The idea of the execution feedback in *The Llama 3 Herd of Models* (arXiv:2407.21783), section 4.3.1, with functions in
place of generated programs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Program = Callable[[list[int]], int | None]
Case = tuple[list[int], int | None]


# --8<-- [start:filter]
def passes(program: Program, cases: Sequence[Case]) -> bool:
    """True if every case gives the expected value; an exception is a failure."""
    for argument, expected in cases:
        try:
            if program(argument.copy()) != expected:
                return False
        except Exception:
            return False
    return True


def precision(right: float, false_pass: float) -> float:
    """Share of right programs among those kept: right ones always pass, wrong ones with chance `false_pass`."""
    return right / (right + (1 - right) * false_pass)


# --8<-- [end:filter]


def _from_zero(xs: list[int]) -> int:
    best = 0
    for x in xs:
        best = max(best, x)
    return best


CANDIDATES: dict[str, Program] = {
    "正确": lambda xs: max(xs) if xs else None,
    "从 0 开始比": _from_zero,
    "空表时报错": lambda xs: max(xs),
    "取最后一个": lambda xs: xs[-1] if xs else None,
    "排序后取首个": lambda xs: sorted(xs)[0] if xs else None,
}
"""Attempts at: the largest element, None for an empty list."""
CASES: list[Case] = [([1, 3], 3), ([3, 1], 3), ([-2, -5], -2), ([], None)]
