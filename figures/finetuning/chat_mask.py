"""The tokens of a short conversation, the scored ones filled, from the lab's encoding."""

from __future__ import annotations

from figures.svg import ACCENT, Svg
from labs.finetuning.chat_template import END, EXAMPLE, encode

NAMES = {"<|im_start|>": "«", END: "»", "\n": "⏎"}


def draw() -> str:
    """One line a message, one box a token; the name of a role is one box to save room."""
    svg = Svg(700, 262, "ChatML 的 token 与损失掩码")
    for row, message in enumerate(EXAMPLE[:3]):
        tokens, scored = encode([message])
        start = len(message["role"]) + 1  # « and the letters of the role
        cells = [("«", False), (message["role"], False)]
        cells += [(NAMES.get(t, t), s) for t, s in zip(tokens[start:], scored[start:], strict=True)]
        x, y = 14.0, 14.0 + 64 * row
        for text, counted in cells:
            w = 104.0 if len(text) > 1 else 44.0
            if counted:
                svg.rect(x, y, w, 46, fill=ACCENT, opacity=0.75, stroke_opacity=0.4)
            else:
                svg.rect(x, y, w, 46, stroke_opacity=0.35)
            svg.text(x + w / 2, y + 31, text, size=20, bold=counted)
            x += w + 2
    svg.rect(14, 214, 18, 18, fill=ACCENT, opacity=0.75)
    svg.text(40, 230, "计入损失", anchor="start", size=18)
    svg.text(150, 230, "« = <|im_start|>　» = <|im_end|>　⏎ = 换行", anchor="start", size=18, opacity=0.85)
    return svg.render()
