"""One text in four units: words, characters, subwords and bytes, each box a token."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization import byte_level, granularity, token_cost

TEXT = "语言模型 tokens"
LEFT, RIGHT = 20.0, 700.0


def draw() -> str:
    """Widths are in proportion to the bytes of a token, so that the rows stand below one another."""
    merges = byte_level.train([*token_cost.CHINESE, *token_cost.ENGLISH], 150)
    subwords = ["".join(token) for token in byte_level.encode(TEXT, merges)]
    rows = [
        ("词级", [(word, len(word.encode())) for word in granularity.words(TEXT)], INK),
        ("字符级", [(char, len(char.encode())) for char in granularity.characters(TEXT)], INK),
        ("子词（字节级 BPE，合并 150 次）", [(readable(token), len(token)) for token in subwords], ACCENT),
        ("字节级", [(byte, 1) for byte in granularity.utf8_bytes(TEXT)], INK),
    ]
    unit = (RIGHT - LEFT) / len(TEXT.encode())
    svg = Svg(720, 372, "同一段文字按词、字符、子词和字节切分：单位越小，格子越多")
    for row, (name, tokens, color) in enumerate(rows):
        y = 14.0 + 90 * row
        svg.text(LEFT, y + 18, f"{name}：{len(tokens)} 个", size=18, anchor="start", bold=True)
        x = LEFT
        for label, width in tokens:
            svg.rect(
                x + 1, y + 28, width * unit - 2, 40, rx=5, fill=color, opacity=0.14, stroke=color, stroke_opacity=0.7
            )
            if label == "□":  # part of a character: no text of its own
                svg.rect(x + width * unit / 2 - 5, y + 43, 10, 10, stroke=ACCENT2, stroke_opacity=1)
            else:
                size = 18 if row < 3 else 17
                svg.text(x + width * unit / 2, y + 54, label.strip() or "␣", size=size)
            x += (width + (row == 0)) * unit  # splitting into words drops the space between them
    return svg.render()


def readable(token: str) -> str:
    """The text of a byte-level token, or □ if it is no whole character."""
    text = byte_level.decode([token])
    return "□" if "�" in text else text
