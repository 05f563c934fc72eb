"""One module a widget, `<name with _>.py`, by which the tests compare it with its lab.

`CHECKS` says which of its functions are which of the lab. `shown` gives what the lab says of the start values, which
the figure and the widget must both show. `page` gives the numbers that its page states.
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
