r"""MemoryOS: short-term pages flow into mid-term topics, and the heat of a topic decides what is promoted or dropped.

Source: Kang et al., *Memory OS of AI Agent* (arXiv:2506.06326), section 3; constants of the public code
(github.com/BAI-LAB/MemoryOS, memoryos-pypi/mid_term.py and memoryos.py): α = β = γ = 1, μ = 24 hours, threshold 5.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import exp

MU = 24.0


# --8<-- [start:heat]
@dataclass
class Segment:
    """A topic: its pages, how often it was retrieved, pages since the last promotion, and when it was last touched."""

    topic: str
    pages: list[str] = field(default_factory=list)
    visits: int = 0
    length: int = 0
    last: float = 0.0

    def heat(self, now: float, mu: float = MU) -> float:
        """α N_visit + β L_interaction + γ e^(−Δt/μ), all weights 1."""
        return self.visits + self.length + exp(-(now - self.last) / mu)


# --8<-- [end:heat]


# --8<-- [start:flow]
@dataclass
class Memory:
    """Three levels; what does not fit in one goes to the next, or away."""

    short_size: int = 3
    mid_size: int = 3
    threshold: float = 5.0
    short: deque[tuple[str, str]] = field(default_factory=deque)
    mid: dict[str, Segment] = field(default_factory=dict)
    long: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def say(self, topic: str, page: str, now: float) -> None:
        """A page of dialogue; the oldest one leaves the short-term queue first. Equal topics count as similar here."""
        if len(self.short) == self.short_size:
            old_topic, old_page = self.short.popleft()
            segment = self.mid.setdefault(old_topic, Segment(old_topic))
            segment.pages.append(old_page)
            segment.length += 1
            segment.last = now
            if len(self.mid) > self.mid_size:
                coldest = min((s for s in self.mid.values() if s is not segment), key=lambda s: s.heat(now))
                self.dropped.append(self.mid.pop(coldest.topic).topic)
            self.promote(now)
        self.short.append((topic, page))

    def visit(self, topic: str, now: float) -> None:
        """A retrieval warms the topic."""
        if topic in self.mid:
            self.mid[topic].visits += 1
            self.mid[topic].last = now
            self.promote(now)

    def promote(self, now: float) -> None:
        """Hot topics are distilled into the long-term profile; their counters start again."""
        for segment in self.mid.values():
            if segment.heat(now) >= self.threshold:
                self.long.append(segment.topic)
                segment.visits = segment.length = 0


# --8<-- [end:flow]
TOPICS = {"跑": "跑步", "房": "房贷", "天": "天气", "影": "电影", "旅": "旅行"}
DIALOGUE = [TOPICS[c] for c in "跑跑房跑天房跑影影房天旅旅旅"]


def story(memory: Memory) -> Memory:
    """One page an hour; running is asked about twice in between."""
    for hour, topic in enumerate(DIALOGUE):
        memory.say(topic, f"{topic}{hour}", float(hour))
        if hour in (7, 8):
            memory.visit("跑步", float(hour))
    return memory
