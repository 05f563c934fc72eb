r"""The life of a memory as a state machine with snapshots, and who may touch it.

Source: Li et al., *MemOS* (arXiv:2507.03724), section 5 (MemLifecycle, MemGovernance) and the project's documentation
of the states. Which transitions are allowed is this lab's choice where the paper only names the states.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

# --8<-- [start:states]
NEXT = {
    "generated": {"activated", "archived", "expired"},
    "activated": {"merged", "archived", "frozen"},
    "merged": {"activated", "archived"},
    "archived": {"activated", "expired"},
    "frozen": {"activated"},  # locked for audit: no rewriting, no expiry
    "expired": set[str](),
}


@dataclass(frozen=True)
class Version:
    """What a memory says, in which state, and where it came from."""

    text: str
    state: str = "generated"
    source: str = ""


@dataclass
class Cube:
    """A memory with its history and the triples (user, operation, context) that are permitted."""

    history: list[Version]
    allowed: set[tuple[str, str, str]] = field(default_factory=set)
    log: list[tuple[str, str, str, bool]] = field(default_factory=list)

    @property
    def now(self) -> Version:
        """The current version."""
        return self.history[-1]

    def ask(self, user: str, operation: str, context: str) -> bool:
        """Permission by triple; every request is logged, refused or not."""
        ok = (user, operation, context) in self.allowed
        self.log.append((user, operation, context, ok))
        return ok

    def move(self, state: str, text: str | None = None) -> None:
        """A new version in another state; old versions stay."""
        if state not in NEXT[self.now.state] or (text is not None and self.now.state == "frozen"):
            raise ValueError(f"{self.now.state} → {state}")
        self.history.append(replace(self.now, state=state, text=self.now.text if text is None else text))

    def rollback(self, version: int) -> None:
        """Bring an old version back as the newest, so that the rollback itself can be traced."""
        self.history.append(self.history[version])


# --8<-- [end:states]
