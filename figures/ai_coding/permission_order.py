"""How a compound command is judged: part by part, deny before ask before allow, the strictest verdict for the whole."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.ai_coding.permissions import ALLOW, ASK, DENY, Rules, parts

RULES = Rules(deny=["rm -rf *"], ask=["git push *"], allow=["git *", "npm test *"])
COMMAND = "npm test && git push; rm -rf dist"
NAMES = {DENY: "拒绝", ASK: "询问", ALLOW: "放行"}
COLORS = {DENY: ACCENT2, ASK: INK, ALLOW: ACCENT}


def draw() -> str:
    """The line on top, its parts in the middle with their verdicts, the whole at the bottom."""
    svg = Svg(700, 320, "复合命令先拆开，逐段按拒绝、询问、放行的次序判断，整条取最严的")

    def box(x: float, y: float, w: float, text: str, color: str, fill: float) -> None:
        svg.rect(x, y, w, 46, fill=color, opacity=fill, stroke=color, stroke_opacity=0.8, rx=6)
        svg.text(x + w / 2, y + 29, text, size=18)

    box(140, 20, 420, COMMAND, INK, 0.0)
    for i, part in enumerate(parts(COMMAND)):
        x = 30 + 222 * i
        verdict = RULES.one(part)
        svg.line(350, 66, x + 98, 112, arrow=True)
        box(x, 116, 196, part, INK, 0.0)
        box(x + 38, 176, 120, NAMES[verdict], COLORS[verdict], 0.16)
        svg.line(x + 98, 222, 350, 262, arrow=True)
    whole = RULES.verdict(COMMAND)
    box(230, 266, 240, f"整条：{NAMES[whole]}", COLORS[whole], 0.2)
    return svg.render()
