"""Two samples of one prompt: block tables and physical blocks before and after copy on write."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.paged_cache import Pool, Sequence

SIZE, PROMPT = 4, 7


def run() -> tuple[Pool, Sequence, Sequence]:
    """A prompt of 7 tokens, a second sample forked from it, and a few tokens for each."""
    pool = Pool(8, SIZE, 1)
    someone = Sequence(pool)  # takes block 0, so that our blocks are not simply 0, 1, 2
    one = np.ones(1)
    someone.append(one, one)
    first = Sequence(pool)
    for _ in range(PROMPT):
        first.append(one, one)
    second = first.fork()
    for _ in range(3):
        second.append(one, one)
    first.append(one, one)
    return pool, first, second


def draw() -> str:
    """Left: the tables; right: physical memory; lines from table entries to blocks."""
    pool, first, second = run()
    svg = Svg(720, 400, "块表与写时复制")
    cell, right = 34.0, 470.0
    svg.text(110, 28, "块表", size=19, bold=True)
    svg.text(right + 2 * cell, 28, "物理块", size=19, bold=True)
    where = {}
    for block in range(6):
        y = 46.0 + block * 56
        where[block] = y + cell / 2
        owners = [s for s in (first, second) if block in s.table]
        colour = ACCENT if len(owners) == 1 and owners[0] is first else ACCENT2
        for slot in range(SIZE):
            full = any(s.table.index(block) * SIZE + slot < s.length for s in owners) or (block == 0 and slot == 0)
            if len(owners) == 2:
                svg.rect(right + slot * cell, y, cell / 2, cell, fill=ACCENT, opacity=0.75, stroke_opacity=0)
                svg.rect(right + (slot + 0.5) * cell, y, cell / 2, cell, fill=ACCENT2, opacity=0.75, stroke_opacity=0)
            elif owners and full:
                svg.rect(right + slot * cell, y, cell, cell, fill=colour, opacity=0.75, stroke_opacity=0)
            elif full:
                svg.rect(right + slot * cell, y, cell, cell, fill="currentColor", opacity=0.25, stroke_opacity=0)
            svg.rect(right + slot * cell, y, cell, cell)
        svg.text(right - 12, y + 24, f"{block}", anchor="end", size=18)
        count = int(pool.refs[block])
        svg.text(right + 4 * cell + 10, y + 24, f"引用 {count}", anchor="start", size=18, opacity=1 if count else 0.5)
    for seq, top, name, colour in ((first, 70.0, "样本 1", ACCENT), (second, 236.0, "样本 2", ACCENT2)):
        svg.text(20, top - 10, f"{name}：{seq.length} 个 token", anchor="start", size=18, fill=colour, bold=True)
        for i, block in enumerate(seq.table):
            y = top + i * 36
            svg.rect(60, y, 100, 36, fill=colour, opacity=0.15)
            svg.text(110, y + 25, f"{i} → {block}", size=18)
            svg.line(164, y + 18, right - 34, where[block], stroke=colour, width=2, opacity=0.8, arrow=True)
    return svg.render()
