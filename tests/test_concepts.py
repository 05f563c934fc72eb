"""Index of terms, backlinks, previews, graph, old addresses and unlinked mentions, on vaults of a few lines."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from handbook import backlinks, glossary, graph, mentions, previews, redirects, registry
from handbook.reader import Reader
from material.plugins.search.plugin import Parser

EVIL = '<img src=x onerror="alert(1)">&[@x]`$'


def vault_of(notes: dict[str, str], own: bool = True) -> registry.Vault:
    """A vault of notes given by path."""
    return registry.Vault([registry.read_note(path, text, str)[0] for path, text in notes.items()], own=own)


def reader_of(notes: dict[str, str], own: bool = True) -> Reader:
    """A reader of a vault whose formulas read as their TeX."""
    return Reader(vault_of(notes, own), lambda tex: f"⟨{tex}⟩")


def url(path: str) -> str:
    """The address that MkDocs gives a page."""
    return path.removesuffix(".md").removesuffix("index") + ("" if path.endswith("index.md") else "/")


TARGETS = {
    "s/lora.md": (
        "---\ntitle: LoRA 微调\naliases: [低秩适配]\nconcepts: {nf4: [NF4]}\n---\n\n正文。\n\n## 量化 ^nf4\n\n四位。\n"
    ),
    "s/other.md": "---\ntitle: 别的\n---\n\n无。\n",
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("前一句。用 [[lora]] 微调。后一句。", [("用 ", "LoRA 微调", " 微调。", "s/lora.md", "")]),
        ("用 [[lora|低秩]] 和 [[lora#^nf4|四位]]！", [
            ("用 ", "低秩", " 和 四位！", "s/lora.md", ""),
            ("用 低秩 和 ", "四位", "！", "s/lora.md", "nf4"),
        ]),
        ("见 [**那页**](lora.md)，$x^2$ 处。", [("见 ", "那页", "，⟨x^2⟩ 处。", "s/lora.md", "")]),
        ("[四](#nf4)", [("", "四", "", "s/lora.md", "nf4")]),
        ("论文 [@hu2021lora] 的 [[LoRA]]^[注]。", [("论文 的 ", "LoRA 微调", "。", "s/lora.md", "")]),
        ("It ends. See [[lora]] now. Next.", [("See ", "LoRA 微调", " now.", "s/lora.md", "")]),
        ("- 项 [[lora]]\n- 别项", [("项 ", "LoRA 微调", "", "s/lora.md", "")]),
        ("| 甲 | 乙 |\n|---|---|\n| [[lora\\|低秩]] | 好 |", [("", "低秩", " · 好", "s/lora.md", "")]),
        ("> [!note] 题 [[lora]]\n> 文", [("题 ", "LoRA 微调", "", "s/lora.md", "")]),
        ("`[[lora]]` $[[lora]]$ [[没有]] [外](https://a.b/c) ![图](x.png)", []),
        ("```\n[[lora]]\n```", []),
    ],
)  # fmt: skip
def test_a_link_is_read_with_its_sentence(line: str, expected: list[tuple[str, ...]]) -> None:
    reader = reader_of({**TARGETS, "s/here.md": f"---\ntitle: 这里\n---\n\n{line}\n"})
    found = [
        (*each.words(), each.target.path, each.target.anchor)
        for each in reader.references(reader.vault.notes["s/here.md"])
    ]
    assert found == expected


def test_a_citation_is_text_in_a_foreign_vault() -> None:
    reader = reader_of({**TARGETS, "s/here.md": "见 [@x] 和 [[lora]]。\n"}, own=False)
    assert [each.words().before for each in reader.references(reader.vault.notes["s/here.md"])] == ["见 [@x] 和 "]


def test_backlinks_name_pages_sentences_and_the_concept_meant() -> None:
    reader = reader_of(
        {
            **TARGETS,
            "s/here.md": f"---\ntitle: '1 < 2 & \"3\"'\n---\n\n{EVIL} 五 < 六 [[lora#^nf4|第四 <b>]]。\n\n[[lora]]\n",
            "s/many.md": "---\ntitle: 多\n---\n\n" + "".join(f"第 {n} 次 [[lora]]。\n\n" for n in range(5)),
        }
    )
    found = backlinks.by_target(
        reference for note in reader.vault.notes.values() for reference in reader.references(note)
    )
    assert set(found) == {"s/lora.md"}
    html = backlinks.section(found["s/lora.md"], reader.vault, lambda path: f"../{url(path)}?a=1&b=2")
    assert "<img" not in html and "<b>" not in html
    assert "1 &lt; 2 &amp; &quot;3&quot;</a>" in html and 'href="../s/here/?a=1&amp;b=2"' in html
    assert "五 &lt; 六 <mark>第四" in html and '<span class="backlinks-to">→ NF4</span>' in html
    # The bare link of the same page adds no line; the fourth and fifth sentence of the other are counted only.
    assert html.count("<mark>") == 1 + backlinks.SENTENCES and "另有 2 处" in html
    assert backlinks.section([], reader.vault, url) == ""


def test_the_search_index_leaves_backlinks_out_and_goes_on_after_them() -> None:
    reader = reader_of({**TARGETS, "s/here.md": "一段 [[lora]] 秘密。\n"})
    found = list(reader.references(reader.vault.notes["s/here.md"]))
    parser = Parser()
    parser.feed("<h1 id='a'>题</h1><p>前文</p>" + backlinks.section(found, reader.vault, url) + "<p>后文</p>")
    text = "".join("".join(section.text) for section in parser.data)
    assert "前文" in text and "后文" in text
    assert "秘密" not in text and "链接到本页" not in text


@pytest.mark.parametrize(
    ("body", "anchor", "expected"),
    [
        ("---\nsummary: 一句 $x$。\n---\n\n正文。", "", "一句 ⟨x⟩。"),
        ("# 题\n\n> [!summary]\n> 第一句。第二句。", "", "第一句。"),
        ("$$\nx\n$$\n\n![图](a.png)\n\n得到：\n\n- 甲", "", "得到。"),
        ("## 节 ^k\n\n### 小节\n\n`a.b` 是什么？是它。\n\n## 下节\n\n别的。", "k", "a.b 是什么？"),
        ("- 甲是乙。再说。 ^k\n- 丙", "k", "甲是乙。"),
        ("段落甲。 ^k\n\n乙。", "k", "段落甲。"),
        ("## 空 ^k\n\n## 下节\n\n别的。", "k", ""),
        ("长" * 300, "", "长" * 140 + "…"),
        ("```\ncode\n```", "", ""),
    ],
)
def test_the_summary_is_one_plain_sentence(body: str, anchor: str, expected: str) -> None:
    reader = reader_of({"s/a.md": body + "\n"})
    assert reader.summary(reader.vault.notes["s/a.md"], anchor) == expected


def test_previews_hold_pages_concepts_and_linked_headings_only() -> None:
    reader = reader_of(
        {
            **TARGETS,
            "甲/乙 丙.md": "---\ntitle: 乙\n---\n\n## 被链接\n\n有人来。\n\n## 没人来\n\n空等。\n\n[[乙 丙#被链接]]\n",
        }
    )
    references = [each for note in reader.vault.notes.values() for each in reader.references(note)]
    table = previews.table(reader.vault, reader, references, lambda path: url(path).replace(" ", "%20"))
    assert table == {
        "s/lora/": ("LoRA 微调", "正文。"),
        "s/lora/#nf4": ("NF4", "四位。"),
        "s/other/": ("别的", "无。"),
        "甲/乙 丙/": ("乙", "有人来。"),
        "甲/乙 丙/#被链接": ("被链接", "有人来。"),
    }


# Readings of 长, 重, 行, 率, 调 by a dictionary: 长上下文 cháng, 重排序 chóng, 行列式 háng, 率 lǜ, 调度 diào.
@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("注意力", "Z"), ("长上下文", "C"), ("重排序", "C"), ("行列式", "H"), ("率失真", "L"), ("调度", "D"),
        ("行切", "H"), ("行动", "X"), ("重要性采样", "Z"),
        ("LoRA", "L"), ("lora", "L"), ("Émile", "E"), ("ＬｏＲＡ", "L"), ("8-bit", "#"), ("μP", "#"), ("", "#"),
    ],
)  # fmt: skip
def test_a_name_stands_under_its_letter(name: str, letter: str) -> None:
    assert glossary.letter(name) == letter


def row(identifier: str, title: str, en: str = "", *aliases: str) -> dict[str, object]:
    """A row of concepts.json, as far as the index reads it."""
    return {"id": identifier, "title": title, "en": en, "aliases": list(aliases), "url": f"s/{identifier}/"}


def test_the_index_mixes_pinyin_and_letters_and_has_other_names_as_cross_entries() -> None:
    rows = [
        row("kv", "KV 缓存", "KV cache", "kv cache", "键值缓存"),
        row("a", "注意力", "Attention", "attention"),
        row("l", "量化", ""),
        row("lora", "LoRA", "LoRA", "低秩适配"),
        row("b", "8-bit", "8-bit"),
    ]
    assert [(entry.name, entry.main) for entry in glossary.entries(rows)] == [
        ("Attention", False), ("低秩适配", False), ("键值缓存", False), ("KV 缓存", True), ("量化", True),
        ("LoRA", True), ("注意力", True), ("8-bit", True),
    ]  # fmt: skip


def test_the_index_escapes_names_and_summaries_from_html_and_from_markdown() -> None:
    page = glossary.page([row("a", f"甲 {EVIL}", "", f"乙 {EVIL}")], {"a": EVIL}, lambda address: f"../{address}")
    assert "<img" not in page and "[@x]" not in page and "`" not in page
    text: list[str] = []

    class Reading(HTMLParser):
        def handle_data(self, data: str) -> None:
            text.append(data)

    Reading().feed(page)
    assert "".join(text).count(EVIL) == 4


def test_the_graph_links_concepts_to_the_page_and_to_each_other() -> None:
    reader = reader_of(
        {
            "index.md": "[[lora]]\n",
            "s/index.md": f"---\ntitle: '节 {EVIL}'\norder: 2\n---\n",
            "r/index.md": "---\ntitle: 先\norder: 1\n---\n",
            **TARGETS,
            "r/x.md": (
                "---\ntitle: X\nconcepts: {y: [Y]}\n---\n\n[[lora]]\n\n## Y ^y\n\n[[#^nf4]] [[lora#^nf4]] [[x]]\n"
            ),
        }
    )
    references = [each for note in reader.vault.notes.values() for each in reader.references(note)]
    drawn = graph.build(reader.vault, references, "index.md")
    name = {index: node.name for index, node in enumerate(drawn.nodes)}
    edges = {frozenset((name[one], name[two])) for one, two in drawn.edges}
    assert edges == {
        frozenset(("X", "LoRA 微调")), frozenset(("X", "Y")), frozenset(("LoRA 微调", "NF4")), frozenset(("Y", "NF4"))
    }  # fmt: skip
    assert len(drawn.edges) == len(edges) and [folder for folder, _ in drawn.sections] == ["r", "s"]
    page = graph.page(drawn, url, "../")
    assert "<img" not in page and page.count("data-node=") == len(drawn.nodes)
    data = graph.data(drawn, url)
    assert ["NF4", "s/lora/#nf4", 1] in data["nodes"]


@pytest.mark.parametrize(
    ("permalink", "file"),
    [
        ("/old/name/", "old/name/index.html"), ("old/name", "old/name/index.html"), ("旧 址", "旧 址/index.html"),
        ("/%E6%97%A7/", "旧/index.html"), ("/old.html", "old.html"), ("//a//./b/", "a/b/index.html"),
    ],
)  # fmt: skip
def test_an_old_address_leads_to_the_page(permalink: str, file: str) -> None:
    vault = vault_of({"s/新 页.md": f"---\ntitle: '{EVIL}'\npermalink: '{permalink}'\n---\n"})
    made, problems = redirects.pages(vault, lambda _: "s/%E6%96%B0%20%E9%A1%B5/", ["s/新 页/index.html"])
    assert not problems and list(made) == [file]
    up = "../" * file.count("/")
    address = f"{up or ''}s/%E6%96%B0%20%E9%A1%B5/"
    html = made[file]
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in html
    assert f'<link rel="canonical" href="{address}">' in html and f'<a href="{address}">' in html
    assert '<meta name="robots" content="noindex">' in html and "<img" not in html
    canonical, _ = redirects.pages(vault, lambda _: "s/x/", [], "https://a.example/sub/")
    assert '<link rel="canonical" href="https://a.example/sub/s/x/">' in canonical[file]


@pytest.mark.parametrize(
    ("permalink", "message"),
    [
        ("/s/b/", "is the address of a page or file of the site (s/b/index.html), which stays"),
        ("/S/B", "is the address of a page or file"),
        ("/", "is the address of a page or file of the site (index.html)"),
        ("img.png/x", "is the address of a page or file"),
        ("../x", "is not an address inside the site"),
        ("https://a.b/c", "is not an address inside the site"),
        ("a\\b", "is not an address inside the site"),
        ("/c/", "is claimed by s/0.md too"),
        ("C/index.html", "is claimed by s/0.md too"),
    ],
)
def test_a_permalink_that_cannot_be_served_is_reported(permalink: str, message: str) -> None:
    vault = vault_of({"s/0.md": "---\npermalink: c\n---\n", "s/a.md": f"---\npermalink: '{permalink}'\n---\n"})
    made, problems = redirects.pages(vault, url, ["s/0/index.html", "s/a/index.html", "s/b/index.html", "img.png"])
    assert list(made) == ["c/index.html"]
    assert [problem.path for problem in problems] == ["s/a.md"] and message in problems[0].message


def test_a_permalink_to_the_page_itself_needs_nothing() -> None:
    vault = vault_of({"index.md": "---\npermalink: /\n---\n", "s/a.md": "---\npermalink: /s/a\n---\n"})
    assert redirects.pages(vault, url, ["index.html", "s/a/index.html"]) == ({}, [])


MENTIONED = {
    "s/index.md": "---\ntitle: 这一节\n---\n",
    "s/attention.md": "---\ntitle: 注意力\n---\n",
    "s/mha.md": (
        "---\ntitle: 多头注意力\naliases: [MHA, AI]\nconcepts: {head: [注意力头]}\n---\n\n## 头 ^head\n\n甲。\n"
    ),
    "s/gpt.md": "---\ntitle: GPT\naliases: [秩]\n---\n",
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("讲注意力和多头注意力。", ["注意力", "多头注意力"]),
        ("讲多头注意力。", ["多头注意力"]),
        ("GPT 与 GPT 又 GPT。", ["GPT"]),
        ("用GPT做", ["GPT"]),
        ("GPT-4、GPTs、xGPT、GPT4、GPT.2、a-GPT、gpt", []),
        ("是 GPT。(GPT) GPT-", ["GPT"]),
        ("AI 与秩太短；这一节是自己的", []),
        ("`GPT` $GPT$ <b title='GPT'> https://GPT.com [GPT](https://a.b) [@GPT] [^GPT] %%GPT%%", []),
        ("# GPT\n\n> [!note] GPT\n\n```\nGPT\n```\n\n| GPT |\n|---|\n| 无 |", []),
        ("| 甲 |\n|---|\n| GPT |", ["GPT"]),
        ("注意力头在此，[[mha|多头]]已链接。", ["注意力头"]),
        ("[[mha#^head|头]] 链接了，注意力头和多头注意力不必再说。", []),
    ],
)
def test_a_mention_without_a_link_is_found(line: str, expected: list[str]) -> None:
    reader = reader_of({**MENTIONED, "s/here.md": f"---\ntitle: 此页\n---\n\n{line}\n"})
    names = mentions.Names(reader.vault)
    found = list(mentions.unlinked(reader.vault.notes["s/here.md"], reader.vault, reader, names))
    assert [problem.message.split()[1] for problem in found] == expected


def test_a_mention_gives_its_line_and_the_link_to_write() -> None:
    reader = reader_of(
        {**MENTIONED, "s/here.md": "---\ntitle: 此页\n---\n\n一行\n`码` 注意力头\n", "t/mha.md": "另一页\n"}
    )
    names = mentions.Names(reader.vault)
    found = list(mentions.unlinked(reader.vault.notes["s/here.md"], reader.vault, reader, names))
    assert [str(problem) for problem in found] == [
        "s/here.md:6: names 注意力头 and never links to it: [[s/mha#^head|注意力头]]"
    ]


@pytest.mark.parametrize(
    "text",
    ["[a](lora.md)" * 8000, "[[lora]] " * 11000, "](" * 50000, "[" * 50000 + "](lora.md)" * 5000, "GPT 注意力" * 14000],
)
def test_no_text_of_100_kb_takes_long(text: str) -> None:
    reader = reader_of({**TARGETS, **MENTIONED, "s/here.md": text + "\n"})
    note = reader.vault.notes["s/here.md"]
    start = time.process_time()
    found = backlinks.by_target(reader.references(note))
    for references in found.values():
        backlinks.section(references, reader.vault, url)
    list(mentions.unlinked(note, reader.vault, reader, mentions.Names(reader.vault)))
    assert time.process_time() - start < 5
