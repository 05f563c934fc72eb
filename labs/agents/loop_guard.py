r"""A web agent in front of a log-in wall: without memory of where it was it goes round in circles."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

LINKS = {  # page → where each click leads; the article is behind the wall, the mirror is not
    "搜索": ["站点甲", "站点乙"],
    "站点甲": ["文章", "搜索"],
    "文章": ["登录"],
    "登录": ["站点甲"],
    "站点乙": ["镜像"],
    "镜像": [],
}


# --8<-- [start:guard]
@dataclass
class Guard:
    """Counts visits of (page, action) by a hash of what the agent sees, and caps the steps."""

    most: int = 1
    seen: Counter[str] = field(default_factory=Counter)

    def key(self, page: str, action: str) -> str:
        """A short fingerprint; in practice of the cleaned page, so that clocks and adverts do not hide a loop."""
        return hashlib.sha256(f"{page}\n{action}".encode()).hexdigest()[:16]

    def allow(self, page: str, action: str) -> bool:
        """False once this action was taken on this page `most` times."""
        key = self.key(page, action)
        self.seen[key] += 1
        return self.seen[key] <= self.most


def browse(goal: str, limit: int, allow: Callable[[str, str], bool]) -> list[str]:
    """Click the first permitted link until the goal, a dead end or the limit; back to the search if none is left."""
    path = ["搜索"]
    while path[-1] != goal and len(path) <= limit:
        page = path[-1]
        target = next((link for link in LINKS[page] if allow(page, link)), "搜索")
        if target == page:
            break
        path.append(target)
    return path


# --8<-- [end:guard]
