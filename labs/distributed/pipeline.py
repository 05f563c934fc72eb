r"""Pipeline schedules: GPipe, 1F1B and interleaved 1F1B, simulated from their order of work on each stage.

Sources: Huang et al., *GPipe* (arXiv:1811.06965), section 2; Narayanan et al. (arXiv:2104.04473), section 2.2.
Sending takes no time. With v chunks a card, virtual stage g sits on card g mod p and a chunk costs 1/v of a stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Op:
    """Forward ("F") or backward ("B") of microbatch `micro` through chunk `chunk` of a card."""

    kind: str
    micro: int
    chunk: int = 0


@dataclass(frozen=True)
class Slot:
    """An operation with its place in time."""

    card: int
    op: Op
    start: float
    end: float


# --8<-- [start:orders]
def gpipe(p: int, m: int) -> list[list[Op]]:
    """All forwards, then all backwards, latest microbatch first."""
    return [[Op("F", i) for i in range(m)] + [Op("B", i) for i in reversed(range(m))] for _ in range(p)]


def one_f_one_b(p: int, m: int) -> list[list[Op]]:
    """Card s runs p−1−s forwards ahead, then one forward and one backward in turn, then what is left."""
    return interleaved(p, m, 1)


def interleaved(p: int, m: int, v: int) -> list[list[Op]]:
    """v chunks a card; microbatches advance in groups of p through chunk 0, then chunk 1 … (m a multiple of p)."""
    if v > 1 and m % p:
        raise ValueError("interleaving needs a multiple of p microbatches")

    def op(kind: str, k: int) -> Op:
        if v == 1:
            return Op(kind, k)
        chunk = k % (p * v) // p
        return Op(kind, k // (p * v) * p + k % p, chunk if kind == "F" else v - 1 - chunk)

    total, cards = m * v, []
    for s in range(p):
        ahead = min(total, p - 1 - s if v == 1 else 2 * (p - 1 - s) + (v - 1) * p)
        order = [op("F", k) for k in range(ahead)]
        for k in range(total - ahead):
            order += [op("F", ahead + k), op("B", k)]
        cards.append(order + [op("B", k) for k in range(total - ahead, total)])
    return cards


# --8<-- [end:orders]


# --8<-- [start:simulate]
def simulate(orders: list[list[Op]], v: int = 1, forward: float = 1, backward: float = 2) -> list[Slot]:
    """Start every operation as soon as its card is free and its input has arrived."""
    p, slots = len(orders), list[Slot]()
    done: dict[tuple[str, int, int], float] = {}  # (kind, microbatch, virtual stage): when it ended
    free, todo = [0.0] * p, [list(order) for order in orders]
    while any(todo):
        moved = False
        for card, queue in enumerate(todo):
            while queue:
                op = queue[0]
                stage = op.chunk * p + card  # 0 … pv − 1
                before = [] if op.kind == "F" else [("F", op.micro, stage)]
                if 0 <= (source := stage + (-1 if op.kind == "F" else 1)) < p * v:
                    before.append((op.kind, op.micro, source))
                if not all(key in done for key in before):
                    break  # its input is not there yet: look at the next card
                start = max([free[card], *(done[key] for key in before)])
                free[card] = start + (forward if op.kind == "F" else backward) / v
                done[op.kind, op.micro, stage] = free[card]
                slots.append(Slot(card, queue.pop(0), start, free[card]))
                moved = True
        if not moved:
            raise RuntimeError("this order waits for itself")
    return slots


# --8<-- [end:simulate]


# --8<-- [start:measures]
def bubble(slots: list[Slot]) -> tuple[float, float]:
    """Idle time of a card over its working time, and over the whole time."""
    whole = max(s.end for s in slots)
    busy = sum(s.end - s.start for s in slots if s.card == 0)
    return (whole - busy) / busy, (whole - busy) / whole


def held(slots: list[Slot], card: int, v: int = 1) -> list[tuple[float, float]]:
    """When a card's activations change, and to how many microbatches (of a whole stage): from forward to backward."""
    # At one moment what ends comes before what starts: −1 before 1.
    changes = sorted((s.start, 1) if s.op.kind == "F" else (s.end, -1) for s in slots if s.card == card)
    counts = accumulate(change for _, change in changes)
    return [(time, count / v) for (time, _), count in zip(changes, counts, strict=True)]


def in_flight(slots: list[Slot], card: int, v: int = 1) -> float:
    """Most microbatches (of a whole stage) whose activations the card holds at once."""
    return max(count for _, count in held(slots, card, v))


# --8<-- [end:measures]
