"""One module a widget, `<name with _>.py`: `CHECKS` says which of its functions are which of the lab, and `shown` gives
what the lab says of the start values, which the figure and the widget must both show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Check:
    """An exported function of a widget and the lab's: `draw` makes the arguments of one call, as JSON can hold them."""

    export: str
    draw: Callable[[Random], list[Any]]
    lab: Callable[..., Any]
