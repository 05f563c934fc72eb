"""The Chinese copy lint: what it must find, what it must leave alone, and where it says the fault is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.copy_lint import configure, lint, main

# One line each: code, math, names and the marks of the dialect are not prose.
GOOD = [
    "微调要改动的方向远少于参数的个数。LoRA 把改动写成两个瘦矩阵的积 $BA$，只训练它们。",
    "设 $x_{中文,a}$ 为输入，`a,中文b` 与 ``b`,中`` 是代码。",
    "$d=4096$ 时，\\(a,b中\\) 与 $$\\text{中文a,b}$$ 都不动。",
    "一个 $5 的价格和 3 美元。",
    "见 [[mixed-precision|混合精度]]（[[training-memory|这个 16 怎么来的]]），又见[[lora]]。",
    "![[图a中文,b.png|300]]",
    "![左：冻结的 W0](img/中文a,b.svg)",
    "推理时不留痕迹 [@hu2021lora]。见 [@a:b; @c]。脚注[^note,1]。",
    "> [!warning] 常见误区：LoRA 用 A、B 代替了原来的权重",
    "> [!question]- LoRA 为什么不增加推理延迟？",
    "### 低秩从哪里来 ^lora-low-rank-hypothesis",
    "一段话。 ^block-id",
    "**数一数。** 取 $d=8$，只有 $65\\,536$ 个参数，占 $0.39\\%$。",
    "| 符号 | $r\\times k$ | 降维，随机初始化 |",
    "|---|:-:|",
    "- [ ] 一个 ==任务==，%%注释%% #标签/Tag中 完",
    "- [LoRA（知乎专栏）](https://example.org/p/6?a=中,b)：笔记引用的讲解。",
    "见 https://example.org/abs/1706.03762 一文。",
    "O(n²) 复杂度，3:2 的比例，12:30 开始，8 – 64，FP8（E4M3）、BF16。",
    '<span class="中文a">中文</span>{#id .中a}',
    "Attention is all you need, 2017.",
    "16 GB/s。",
]

# (as written, the fragment to write instead)
BAD = [
    ("用LoRA微调", "用 LoRA 微调"),
    ("设$x$为输入", "设 $x$ 为输入"),
    ("用`code`写", "用 `code` 写"),
    ("共16个", "共 16 个"),
    ("共 16 个,不是 8 个", "16 个，不是"),
    ("取 $y$,则 $x$ 为零", "$y$，则"),
    ("取 $y$, 则 $x$ 为零", "$y$，则"),
    ("取 $y$: 值", "$y$：值"),
    ("这是结论.", "这是结论。"),
    ("为什么?", "为什么？"),
    ("注意力(attention)机制", "注意力（attention）机制"),
    ("注意力 (attention) 机制", "注意力（attention）机制"),
    ("用**LoRA**微调", "用 LoRA 微调"),
    ("见[[mla|MLA]]一节", "见 MLA 一节"),
    ("见 [[mla|MLA机制]]", "见 MLA 机制"),
    ("见[MLA](mla.md)一节", "见 MLA 一节"),
    ("![图,注](a.svg)", "图，注"),
    ("> [!warning] 常见误区：LoRA用 A", "LoRA 用 A"),
    ("> [!question]- LoRA 为什么?", "为什么？"),
    ("### 第1节 ^first", "第 1 节"),
    ("- 列表a项", "列表 a 项"),
    ("| 表头A | 值,中 |", "表头 A"),
]


@pytest.fixture(autouse=True)
def _rules() -> None:
    configure()


@pytest.mark.parametrize("line", GOOD)
def test_leaves_alone(line: str) -> None:
    assert list(lint(line)) == []


@pytest.mark.parametrize(("line", "fragment"), BAD)
def test_finds(line: str, fragment: str) -> None:
    faults = list(lint(line))
    assert faults, "nothing found"
    assert {number for number, _, _ in faults} == {1}
    assert fragment in faults[0][2]


PAGE = """\
---
title: 用LoRA微调
aliases: [LoRA, 低秩适配,甲]
summary: 好的。
---

```python
x = "用LoRA,微调"
```

> ~~~text
> 用LoRA
> ~~~

$$
\\text{用LoRA}
$$

%%
用LoRA
%%

<!--
用LoRA
-->

最后一行,用 LoRA。
"""


def test_only_prose_counts_and_line_numbers_are_the_file_s() -> None:
    assert [number for number, _, _ in lint(PAGE)] == [2, 27]


def test_reports_file_line_and_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "section" / "page.md"
    page.parent.mkdir()
    page.write_text("# 好\n\n设$x$为输入\n", "utf-8")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{page}:3: write “设 $x$ 为输入”, not “设$x$为输入”\n"
    page.write_text("# 好\n", "utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    assert main([str(tmp_path / "nothing.md")]) == 2
