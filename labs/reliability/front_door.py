r"""A front door for a model: fixed answers and refusals before it, a filter behind it, and a gate for every change.

The order (cheap and certain first) is engineering practice; no paper is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Model = Callable[[str], str]


# --8<-- [start:door]
@dataclass
class FrontDoor:
    """Answers in order of cost: block list, cache of fixed answers, model, then a filter on what the model said."""

    model: Model
    blocked: set[str] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    refusal: str = "抱歉，这个问题我不能回答。"
    log: list[tuple[str, str]] = field(default_factory=list)
    """(question, layer that answered): what later goes into labels and training data."""

    def answer(self, question: str) -> str:
        """The first layer that has something to say wins."""
        key = "".join(question.split()).lower().rstrip("？?。.!！")
        if any(word in key for word in self.blocked):
            return self._from("refuse", question, self.refusal)
        if key in self.fixed:
            return self._from("cache", question, self.fixed[key])
        text = self.model(question)
        if any(word in text for word in self.forbidden):
            return self._from("filter", question, self.refusal)
        return self._from("model", question, text)

    def _from(self, layer: str, question: str, text: str) -> str:
        self.log.append((question, layer))
        return text


# --8<-- [end:door]


# --8<-- [start:gate]
def changed(golden: Mapping[str, str], before: Model, after: Model) -> tuple[list[str], list[str]]:
    """(repaired, broken) questions of a golden set: the two lists a release is judged by."""
    repaired = [q for q, want in golden.items() if before(q) != want and after(q) == want]
    broken = [q for q, want in golden.items() if before(q) == want and after(q) != want]
    return repaired, broken


def may_ship(broken: Sequence[str], must_pass: Iterable[str]) -> bool:
    """No case of the red list may break, whatever else was repaired."""
    return not set(broken) & set(must_pass)


# --8<-- [end:gate]
