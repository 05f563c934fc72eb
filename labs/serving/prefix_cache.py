r"""Automatic prefix caching: a full block is found by the hash of everything up to its end; least recently used goes.

Sources: Kwon et al., *PagedAttention* (arXiv:2309.06180), section 4.4 (shared prefixes); vLLM's design document
"Automatic Prefix Caching" for the chain of hashes and the order of eviction.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np

Prompt = tuple[int, ...]


# --8<-- [start:cache]
class PrefixCache:
    """Full blocks of earlier requests, at most `capacity` of them (0: no limit)."""

    def __init__(self, size: int, capacity: int = 0, tail_first: bool = True) -> None:
        self.size, self.capacity, self.tail_first = size, capacity, tail_first
        self.blocks: OrderedDict[int, None] = OrderedDict()  # hash → block; the first is evicted first

    def chain(self, prompt: Prompt) -> list[int]:
        """One hash per full block; each contains its parent's, so it names the whole prefix, not the block."""
        hashes, parent = list[int](), 0
        for end in range(self.size, len(prompt) + 1, self.size):
            parent = hash((parent, prompt[end - self.size : end]))
            hashes.append(parent)
        return hashes

    def serve(self, prompt: Prompt) -> int:
        """Tokens of `prompt` that need no prefill; its blocks are cached afterwards."""
        chain = self.chain(prompt)
        hit = 0
        while hit < len(chain) and chain[hit] in self.blocks:  # stop at the first miss
            hit += 1
        for key in reversed(chain) if self.tail_first else chain:  # the head touched last, so evicted last
            self.blocks[key] = None
            self.blocks.move_to_end(key)
        while self.capacity and len(self.blocks) > self.capacity:
            self.blocks.popitem(last=False)
        return min(hit * self.size, len(prompt) - 1)  # one token must run to give logits


def hit_rate(prompts: Iterable[Prompt], cache: PrefixCache) -> float:
    """Share of all prompt tokens that were found."""
    found = total = 0
    for prompt in prompts:
        found += cache.serve(prompt)
        total += len(prompt)
    return found / total


# --8<-- [end:cache]


def chats(users: int, turns: int, system: int, seed: int, clock: str = "") -> list[Prompt]:
    """Conversations taking turns: every prompt is system + history + question. `clock` ("front", "end") adds a
    token that differs from request to request before or after the system prompt.
    """
    rng = np.random.default_rng(seed)
    head = tuple(int(t) for t in rng.integers(0, 50_000, system))
    history: list[Prompt] = [()] * users
    prompts, tick = list[Prompt](), 0
    for _ in range(turns):
        for user in rng.permutation(users):
            history[user] += tuple(int(t) for t in rng.integers(0, 50_000, rng.integers(20, 80)))  # question
            tick += 1
            now = (100_000 + tick,)
            before, after = (now if clock == "front" else ()), (now if clock == "end" else ())
            prompts.append(before + head + after + history[user])
            history[user] += tuple(int(t) for t in rng.integers(0, 50_000, rng.integers(100, 300)))  # answer
    return prompts
