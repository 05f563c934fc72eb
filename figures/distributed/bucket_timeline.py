"""All-reduce of gradients in one bucket, and in buckets that overlap the backward pass."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.overlap import backward_with_buckets, time
from labs.moe.timeline import schedule

LEFT, WIDE = 62.0, 596.0


def draw() -> str:
    """Two lanes each; a bucket can start when its last gradient is there."""
    svg = Svg(690, 330, "24 层的反向：一个桶要等全部算完才通信，73 个单位；每桶 4 层，通信与反向并行，53 个单位")
    for i, (name, bucket) in enumerate((("整个梯度一个桶", 24), ("每 4 层一个桶", 4))):
        tasks = backward_with_buckets(24, 2, 1, 1, bucket)
        whole, y = time(tasks), 46.0 + i * 150
        svg.text(LEFT, y - 16, f"{name}：{whole:g} 个单位", size=20, anchor="start", bold=True)
        done = schedule(tasks)
        for lane, label in enumerate(("计算", "网络")):
            svg.text(LEFT - 8, y + 27 + 46 * lane, label, size=17, anchor="end")
            svg.line(LEFT, y + 42 + 46 * lane, LEFT + WIDE, y + 42 + 46 * lane, opacity=0.2)
        for t in tasks:
            start, end = (v * WIDE / 73 for v in done[t.name])
            lane = int(t.lane == "network")
            svg.rect(
                LEFT + start + 0.8,
                y + 4 + 46 * lane,
                end - start - 1.6,
                36,
                rx=2,
                fill=ACCENT2 if lane else ACCENT,
                opacity=0.45,
                stroke="none",
            )
    return svg.render()
