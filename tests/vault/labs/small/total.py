"""The sum of numbers, shown by a note."""

from __future__ import annotations

from collections.abc import Iterable


# --8<-- [start:total]
def total(numbers: Iterable[float]) -> float:
    """Add up."""
    return sum(numbers)


# --8<-- [end:total]
