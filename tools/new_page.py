"""Make a page from the template: `make new PAGE=section/slug`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

DOCS = Path(__file__).resolve().parent.parent / "docs"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TEMPLATE = """\
---
title: {slug}
aliases: []
tags: []
summary: 一句话说清这一页讲什么。
order: {order}
---

> [!summary]
> 至多三句话，讲核心的想法。

## 它解决什么问题

## 机制

## 取舍

> [!warning] 常见误区：把流传的错误说法写在这里
> 为什么不对，依据是哪篇论文的哪一节。

> [!question]- 把面试题写在这里
> 完整的答案。

## 延伸阅读
"""


def orders(section: Path) -> list[float]:
    """The `order` of every page of a section."""
    fronts = (path.read_text("utf-8").split("---")[1] for path in section.glob("*.md") if path.name != "index.md")
    return [float(front["order"]) for front in map(yaml.safe_load, fronts) if "order" in front]


def new(page: str, docs: Path) -> Path:
    """Write the page `section/slug` and return its file; ValueError says what to change when that cannot be."""
    section, _, slug = page.removesuffix(".md").partition("/")
    sections = sorted(path.parent.name for path in docs.glob("*/index.md"))
    if section not in sections:
        raise ValueError(f"没有 {section or '（空）'} 这一节；现有 {'、'.join(sections)}")
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug or '（空）'} 不能做页名：用小写字母、数字和连字符，例如 multi-head-attention")
    others = list(docs.rglob(f"{slug}.md"))
    if others:
        raise ValueError(f"{others[0].relative_to(docs)} 已经叫这个名字：页名就是概念的 id，全站只能有一个")
    order = int(max(orders(docs / section), default=0)) + 10
    path = docs / section / f"{slug}.md"
    path.write_text(TEMPLATE.format(slug=slug, order=order), "utf-8")
    return path


def main(arguments: list[str]) -> int:
    """Make the page that the command line names."""
    if len(arguments) != 1 or not arguments[0]:
        print("用法：make new PAGE=attention/my-topic", file=sys.stderr)
        return 2
    try:
        path = new(arguments[0], DOCS)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"写好了 {path.relative_to(DOCS.parent)}：填上 title、aliases、tags 和 summary，再写正文")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
