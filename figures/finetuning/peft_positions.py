"""Where each family of PEFT puts its parameters in a Transformer block."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg


def draw() -> str:
    """One block from the embeddings up, frozen parts grey, trained parts in the accents."""
    svg = Svg(700, 470, "各种 PEFT 方法的参数在一个 Transformer 块里的位置")

    def frozen(y: float, label: str) -> None:
        svg.rect(220, y, 190, 54, fill="currentColor", opacity=0.1)
        svg.text(315, y + 33, label, size=17)

    def trained(x: float, y: float, w: float, label: str, color: str = ACCENT) -> None:
        svg.rect(x, y, w, 40, fill=color, opacity=0.25, stroke=color, rx=5)
        svg.text(x + w / 2, y + 26, label, size=16)

    frozen(396, "词嵌入")
    frozen(286, "注意力")
    frozen(106, "前馈网络")
    for y1, y2 in ((396, 342), (286, 264), (220, 162), (106, 82), (38, 14)):
        svg.line(315, y1, 315, y2, arrow=True)
    trained(240, 222, 150, "串联 Adapter")
    trained(240, 40, 150, "串联 Adapter")
    trained(24, 403, 140, "软提示", ACCENT2)
    svg.line(164, 423, 216, 423, arrow=True)
    trained(24, 293, 140, "前缀 K、V", ACCENT2)
    svg.line(164, 313, 216, 313, arrow=True)
    for y in (293, 113):
        trained(480, y, 196, "LoRA：并联在权重旁")
        svg.line(480, y + 20, 414, y + 20, arrow=True)
    trained(24, 113, 140, "BitFit：偏置")
    svg.line(164, 133, 216, 133, arrow=True)
    svg.text(94, 352, "每一层", size=15)
    svg.text(94, 462, "只在输入", size=15)
    svg.text(578, 352, "可并回权重", size=15)
    svg.text(578, 240, "灰：冻结", size=15, anchor="middle")
    return svg.render()
