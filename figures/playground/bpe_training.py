"""Byte-level BPE on 你好, 你们, 他们: what each step merges, and how 你好 is cut after it."""

from __future__ import annotations

from figures.svg import ACCENT, Svg
from labs.tokenization import bpe, byte_level

ROW, LEFT = 44.0, 330.0


def face(symbol: str) -> str:
    """Whole characters as such, other bytes in hexadecimal."""
    text = byte_level.decode([symbol])
    return text if "�" not in text else " ".join(f"{byte_level.BACK[char]:02X}" for char in symbol)


def draw() -> str:
    """A row for the start and for each step until 你好 is one token."""
    words = {byte_level.spell(word): n for word, n in byte_level.GREETINGS.items()}
    steps = bpe.train(words, 7, alphabet=byte_level.TABLE.values())
    heads = ["一个汉字三个字节"] + [f"{i}. {face(s.pair[0])} + {face(s.pair[1])}" for i, s in enumerate(steps, start=1)]
    counts = ["", *(f"{step.count} 次" for step in steps)]
    svg = Svg(720, 50 + ROW * len(heads), "从「你好」「你们」「他们」学到的头七次合并，和每次之后「你好」的切法")
    svg.text(12, 26, "合并", size=17, anchor="start", bold=True)
    svg.text(LEFT, 26, "「你好」的 token", size=17, anchor="start", bold=True)
    for step, (head, count) in enumerate(zip(heads, counts, strict=True)):
        y, x = 38 + step * ROW, LEFT
        svg.text(12, y + 24, head, size=17, anchor="start")
        svg.text(LEFT - 30, y + 24, count, size=17, anchor="end")
        for token in bpe.encode(byte_level.spell("你好"), [each.pair for each in steps[:step]]):
            width = 14 + sum(18 if ord(char) > 255 else 10.5 for char in face(token))
            svg.rect(x, y + 2, width, 32, rx=5, fill=ACCENT, opacity=0.16, stroke=ACCENT, stroke_opacity=0.8)
            svg.text(x + width / 2, y + 24, face(token), size=17)
            x += width + 8
    return svg.render()
