r"""A coding agent in one loop: flat history, tools, helpers one level deep, and a to-do list that is sent last.

The model is any function from messages to an action, so a script can play it. Idea: Vivek, *What makes Claude Code so
damn good* (2025); the to-do list said again at the end: Ji, *Context Engineering for AI Agents* (2025).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Message = tuple[str, str]
"""Role and text."""
Tool = Callable[[str], str]


@dataclass(frozen=True)
class Action:
    """What the model wants: a tool and its argument; no tool means that the text is the answer."""

    tool: str
    text: str


Model = Callable[[Sequence[Message]], Action]


# --8<-- [start:loop]
@dataclass
class Agent:
    """Runs until the model answers without a tool; `depth` 0 may start helpers, depth 1 may not."""

    model: Model
    tools: Mapping[str, Tool]
    depth: int = 0
    most: int = 50
    todo: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    """Characters of context sent to the model so far, all calls of this agent together."""

    def run(self, task: str) -> tuple[str, list[Message]]:
        """The answer and the flat history."""
        history: list[Message] = [("user", task)]
        for _ in range(self.most):
            shown = [*history, ("reminder", self.plan())] if self.todo else history
            self.sent += sum(len(text) for _, text in shown)
            action = self.model(shown)
            if not action.tool:
                return action.text, history
            history += [("call", f"{action.tool} {action.text}"), ("result", self.use(action))]
        return "gave up", history

    def use(self, action: Action) -> str:
        """A failed call is a result like any other: the model reads it and tries something else."""
        if action.tool == "todo":
            item, _, state = action.text.partition("=")
            self.todo[item] = state
            return "ok"
        if action.tool == "task":
            if self.depth:
                return "error: a helper cannot start helpers"
            helper = Agent(self.model, self.tools, depth=1)
            answer, _ = helper.run(action.text)  # its history is dropped: only the answer comes back
            return answer
        if action.tool not in self.tools:
            return f"error: no tool {action.tool}; there are {', '.join(sorted(self.tools))}, todo, task"
        return self.tools[action.tool](action.text)

    def plan(self) -> str:
        """The list as it stands now; sent after the history, never stored in it."""
        return "; ".join(f"[{state}] {item}" for item, state in self.todo.items())


# --8<-- [end:loop]
