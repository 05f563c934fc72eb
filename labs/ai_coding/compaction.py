r"""Compaction: when the context passes a threshold, a summary takes the place of the history and work goes on.

A session is `turns` model calls; each adds `step` tokens. The fixed part (system prompt, tools) is always sent. The
second half asks what of the history can still be answered afterwards. Idea: Vivek, *What makes Claude Code so damn
good* (2025); the numbers here are the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]


# --8<-- [start:length]
@dataclass(frozen=True)
class Session:
    """Sizes in tokens."""

    fixed: int = 12_000
    step: int = 3_000
    summary: int = 2_000
    recent: int = 6_000
    """The last turns, kept word for word beside the summary."""

    def lengths(self, turns: int, threshold: int) -> tuple[Array, list[int]]:
        """Context sent at each turn (turns,), and the turns before which the history was compacted."""
        out, cuts, context = np.empty(turns, dtype=np.int64), [], self.fixed
        for t in range(turns):
            if context + self.step > threshold:
                context = self.fixed + self.summary + self.recent
                cuts.append(t)
            context += self.step
            out[t] = context
        return out, cuts

    def price(self, turns: int, threshold: int, cached: float = 0.1) -> float:
        """Input tokens paid in full-price units: an unchanged prefix costs `cached` of it, all else the whole.

        A compaction reads the whole history once more (its prefix is cached) and then the rebuilt context is new,
        but for the fixed part.
        """
        lengths, cuts = self.lengths(turns, threshold)
        total, before = 0.0, 0
        for t, now in enumerate(lengths.tolist()):
            if t in cuts:
                total, before = total + cached * before, self.fixed
            total, before = total + cached * before + (now - before), now
        return total


# --8<-- [end:length]


# --8<-- [start:keep]
KINDS = ("goal", "decision", "file", "error", "output")
"""What a turn leaves behind, from what must be kept to what can be looked up again."""


@dataclass(frozen=True)
class Note:
    """One thing that was said at a turn."""

    turn: int
    kind: str
    size: int


def session_notes(turns: int, rng: np.random.Generator) -> list[Note]:
    """The goal at turn 0, then mostly tool output, with a decision, a file or an open error now and then."""
    notes = [Note(0, "goal", 60)]
    for t in range(1, turns):
        notes.append(Note(t, "output", int(rng.integers(800, 2500))))
        notes += [
            Note(t, kind, 40) for kind, p in (("decision", 0.25), ("file", 0.4), ("error", 0.15)) if rng.random() < p
        ]
    return notes


def newest(notes: Sequence[Note], budget: int) -> list[Note]:
    """Truncation: walk back from the end until the budget is spent."""
    out = []
    for note in reversed(notes):
        budget -= note.size
        if budget < 0:
            break
        out.append(note)
    return out


def by_kind(notes: Sequence[Note], budget: int) -> list[Note]:
    """A structured summary: all goals first, then decisions, and so on; within a kind the newest first."""
    out = []
    for note in sorted(notes, key=lambda n: (KINDS.index(n.kind), -n.turn)):
        if note.size <= budget:
            out.append(note)
            budget -= note.size
    return out


def kept(notes: Sequence[Note], chosen: Sequence[Note]) -> dict[str, float]:
    """Share of each kind that is still there."""
    total = {k: sum(n.kind == k for n in notes) for k in KINDS}
    return {k: sum(n.kind == k for n in chosen) / total[k] for k in KINDS if total[k]}


# --8<-- [end:keep]
