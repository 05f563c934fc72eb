"""Problems that a build finds in the notes, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """Something an author must mend: `path` is the note's in the vault, `line` counts from 1, `kind` groups the
    summary.
    """

    path: str
    line: int
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"
