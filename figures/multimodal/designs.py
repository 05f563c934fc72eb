"""Three ways to let image and text meet, and the forwards that retrieval then needs."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.itm import forwards


def box(svg: Svg, x: float, y: float, w: float, h: float, text: str, color: str) -> None:
    svg.rect(x, y, w, h, fill=color, opacity=0.25, rx=8)
    svg.text(x + w / 2, y + h / 2 + 7, text, size=18)


def draw() -> str:
    svg = Svg(720, 390, "双塔各自编码再点积；单流把图块与词拼在一起；先对齐再融合则两者都有")
    for k, (title, design, keep) in enumerate(
        [("双塔 CLIP", "two-tower", 0), ("单流 ViLT", "single-stream", 0), ("先对齐再融合", "rerank", 128)]
    ):
        x = 14 + 240 * k
        svg.text(x + 106, 28, title, size=20, bold=True)
        svg.text(x + 50, 330, "图像", size=18)
        svg.text(x + 162, 330, "文本", size=18)
        if design == "single-stream":
            box(svg, x, 70, 212, 150, "共用 Transformer", ACCENT)
            box(svg, x, 258, 100, 44, "线性投影", ACCENT2)
            box(svg, x + 112, 258, 100, 44, "词嵌入", ACCENT2)
            for cx in (50, 162):
                svg.line(x + cx, 256, x + cx, 224, width=2, arrow=True)
        else:
            tall = 110 if design == "rerank" else 190
            for cx, name in ((0, "图编码器"), (112, "文编码器")):
                box(svg, x + cx, 302 - tall, 100, tall, name, ACCENT)
                svg.line(x + cx + 50, 300 - tall, x + cx + 50, 274 - tall, width=2, arrow=True)
            if design == "rerank":
                box(svg, x, 112, 212, 46, "跨模态编码器", ACCENT)
                svg.text(x + 106, 98, "逐对打分（前 128）", size=18)
                svg.text(x + 106, 184, "对比", size=18, fill=ACCENT2, bold=True)
            else:
                svg.text(x + 106, 76, "点积", size=20, fill=ACCENT2, bold=True)
        svg.text(x + 106, 372, f"{forwards(1000, 5000, design, keep):,} 次".replace(",", " "), size=20, bold=True)
    return svg.render()
