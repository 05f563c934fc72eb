r"""How far from the end of the context the goal stands, with and without rewriting the to-do list.

Source of the practice: Ji, *Context Engineering for AI Agents* (Manus, 2025), on todo.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:distance]
def distances(steps: int, step: int, head: int, todo: int, every: int = 0) -> Array:
    """Tokens between the latest statement of the goal and the end of the context, at each step. (steps,)

    The goal ends the head; each step appends `step` tokens; a to-do list of `todo` tokens is appended every `every`
    steps (0: never).
    """
    out, length, latest = [], head, head
    for i in range(steps):
        if every and i and i % every == 0:
            length += todo
            latest = length  # the list ends with what is left to do
        out.append(length - latest)
        length += step
    return np.array(out, dtype=np.float64)


def share(steps: int, step: int, head: int, todo: int, every: int = 0) -> float:
    """Share of the final context that states the goal (`todo` tokens each time): its part under uniform attention."""
    copies = 1 + (len(range(every, steps, every)) if every else 0)
    length = head + steps * step + (copies - 1) * todo
    return copies * todo / length


# --8<-- [end:distance]
