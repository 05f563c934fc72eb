r"""Which part of each prompt of an agent is found in the prefix cache, and what the run costs.

Facts of the workload and the price ratio: Ji, *Context Engineering for AI Agents* (Manus, 2025). Tokens are integers;
a prompt hits as far as it agrees, token by token, with what an earlier request left in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Tokens = npt.NDArray[np.int64]
LAYOUTS = ("append", "clock first", "clock last", "shuffled tools", "tools retrieved", "tool toggled", "window")


@dataclass(frozen=True)
class Work:
    """Tokens of an agent run: a fixed head (system prompt and tools), then per step an action and an observation."""

    steps: int = 50
    head: int = 2000
    tool: int = 100  # definition of one tool inside the head
    action: int = 100
    observation: int = 300


# --8<-- [start:hit]
def common_prefix(a: Tokens, b: Tokens) -> int:
    """Tokens on which two prompts agree from the start."""
    n = min(len(a), len(b))
    differ = np.flatnonzero(a[:n] != b[:n])  # places of disagreement
    return int(differ[0]) if len(differ) else n


def hits(prompts: list[Tokens], outputs: list[Tokens]) -> list[int]:
    """Cached tokens of each prompt; after a request its prompt and its output are both in the cache."""
    cache: list[Tokens] = []
    found = []
    for prompt, output in zip(prompts, outputs, strict=True):
        found.append(max((common_prefix(prompt, old) for old in cache), default=0))
        cache.append(np.concatenate([prompt, output]))
    return found


# --8<-- [end:hit]


# --8<-- [start:layouts]
def prompts_of(work: Work, layout: str, seed: int = 0) -> tuple[list[Tokens], list[Tokens]]:
    """The prompt and the output of each step under one way of laying out the context."""
    rng = np.random.default_rng(seed)

    def fresh(n: int) -> Tokens:
        return rng.integers(0, 10**9, n)  # tokens that nothing else shares

    head, history = fresh(work.head), fresh(0)
    prompts, outputs, turns = list[Tokens](), list[Tokens](), list[Tokens]()
    for step in range(work.steps):
        shown, before, after = head, fresh(0), fresh(0)
        if layout == "clock first":
            before = fresh(1)  # the time of day in front of everything
        if layout == "clock last":
            after = fresh(1)  # the same token behind the history, not kept
        if layout == "shuffled tools":
            shown = rng.permutation(head.reshape(-1, work.tool)).ravel()  # a dict without a fixed order
        if layout == "tools retrieved":  # a different half of the tools at every step, as if by search
            tools = head.reshape(-1, work.tool)  # (tools, tokens of one)
            shown = tools[np.sort(rng.permutation(len(tools))[: len(tools) // 2])].ravel()
        if layout == "tool toggled" and step % 10 >= 5:
            shown = head[work.tool :]  # the first tool is missing in every other five steps
        if layout == "window":
            history = np.concatenate([fresh(0), *turns[-10:]])  # the ten latest steps only
        prompts.append(np.concatenate([before, shown, history, after]))
        outputs.append(fresh(work.action))
        turns.append(np.concatenate([outputs[-1], fresh(work.observation)]))
        history = np.concatenate([history, turns[-1]])
    return prompts, outputs


# --8<-- [end:layouts]


# --8<-- [start:cost]
def input_cost(prompts: list[Tokens], found: list[int], price: float, cached: float, write: float = 1.0) -> float:
    """Dollars for the input; `price` per million fresh tokens, `cached` and `write` are ratios to it."""
    total = sum(len(p) for p in prompts)
    hit = sum(found)
    return price * ((total - hit) * write + hit * cached) / 1e6


def hit_rate(work: Work, layout: str) -> float:
    """Share of all input tokens that were found."""
    prompts, outputs = prompts_of(work, layout)
    return sum(hits(prompts, outputs)) / sum(len(p) for p in prompts)


# --8<-- [end:cost]
