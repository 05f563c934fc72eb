"""Going round in circles: the cycle is one that networkless search finds too; the numbers of agent-challenges.md."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from labs.agents.loop_guard import LINKS, Guard, browse


def test_without_a_guard_the_limit_is_used_up_in_a_cycle() -> None:
    path = browse("镜像", 30, lambda page, action: True)
    assert len(path) - 1 == 30 and "镜像" not in path
    assert path[1:4] * 9 == path[1:28]  # three pages again and again


def test_with_the_guard_the_goal_is_reached_in_seven_steps() -> None:
    path = browse("镜像", 30, Guard().allow)
    assert path[-1] == "镜像" and len(path) - 1 == 7
    steps = list(pairwise(path))
    assert len(set(steps)) == len(steps)  # no step twice


def test_no_walk_can_be_shorter_than_breadth_first_search() -> None:
    queue, far = deque(["搜索"]), {"搜索": 0}
    while queue:
        page = queue.popleft()
        for link in LINKS[page]:
            if link not in far:
                far[link] = far[page] + 1
                queue.append(link)
    assert far["镜像"] == 2 <= len(browse("镜像", 30, Guard().allow)) - 1


def test_fingerprints_tell_page_and_action_apart() -> None:
    guard = Guard(most=2)
    assert guard.key("ab", "c") != guard.key("a", "bc")
    assert [guard.allow("p", "a") for _ in range(3)] == [True, True, False]
