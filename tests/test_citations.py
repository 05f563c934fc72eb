"""Citations, through mkdocs-bibtex's own plugin and Python-Markdown, and the bibliography."""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from handbook import citations
from handbook.report import Problem
from hypothesis import given, settings
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser
from mkdocs.config.defaults import MkDocsConfig
from mkdocs_bibtex.plugin import BibTexPlugin
from pybtex.database import parse_file

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests/cases/citations"
PAPERS = ROOT.parent / "shared/papers.yaml"
# Stands for the pass over the page, which gives only prose to `guard`.
NOT_PROSE = re.compile(r"(^```.*?^```$|``.*?``|`[^`\n]*`|\$[^$\n]*\$)", re.DOTALL | re.MULTILINE)


def load(bib_file: Path) -> BibTexPlugin:
    """Configure the plugin as mkdocs.yml does, with another bibliography."""
    plugin = BibTexPlugin()
    options = {
        "bib_file": bib_file.name,
        "bib_by_default": False,
        "enable_inline_citations": False,
        "footnote_format": "bib:{key}",
        "bib_command": "@bibliography",
        "full_bib_command": "@full_bibliography",
    }
    errors, unknown = plugin.load_config(options)
    assert not errors and not unknown
    plugin.on_config(MkDocsConfig(config_file_path=str(bib_file.with_name("mkdocs.yml"))))
    citations.skip_formatting(plugin.registry)
    return plugin


PLUGIN = load(CASES / "papers.bib")
ENTRIES = PLUGIN.registry.bib_data.entries
KNOWN = frozenset(ENTRIES)


def line_of(text: str, start: int, position: int) -> int:
    """Count the line of a position after `start`."""
    return text.count("\n", 0, start + position) + 1


def to_markdown(text: str, known: frozenset[str] = KNOWN) -> tuple[str, list[citations.Cited], list[Problem]]:
    """Take a page through the guard, the plugin and back."""
    problems: list[Problem] = []
    originals = NOT_PROSE.split(text)
    parts = list(originals)
    for index in range(0, len(parts), 2):
        line_at = partial(line_of, text, sum(map(len, originals[:index])))
        parts[index], found = citations.guard(parts[index], known, "page.md", line_at)
        problems += found
    released = citations.release("".join(parts))
    after = PLUGIN.on_page_markdown(released, page=None, config=None, files=None)
    return *citations.restore(after, ENTRIES), problems


def to_html(text: str) -> str:
    """Render with the extensions that could take a bracket for something else."""
    return markdown.markdown(text, extensions=["footnotes", "tables", "fenced_code", "sane_lists"])


class Page(HTMLParser):
    """Ids, fragments and unclosed tags of an HTML text."""

    def __init__(self, html: str) -> None:
        """Read `html` to its end."""
        super().__init__()
        self.ids: list[str] = []
        self.fragments: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag's id and fragment."""
        values = dict(attrs)
        self.open.append(tag)
        if identifier := values.get("id"):
            self.ids.append(identifier)
        if (address := values.get("href")) and address.startswith("#"):
            self.fragments.add(address[1:])

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag, which must be this one."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("case", sorted(CASES.glob("*.in.md")), ids=lambda case: case.name[:-6])
def test_case(case: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A page gives the HTML of its case, which is sound, and the plugin has nothing to warn of."""
    text = case.read_text(encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        page, references, _ = to_markdown(text)
    html = to_html(page) + "\n" + citations.reference_list(references)
    assert html == case.with_name(case.name.replace(".in.md", ".out.html")).read_text(encoding="utf-8")
    assert not caplog.records
    parsed = Page(html)
    assert not parsed.open
    assert [identifier for identifier, count in Counter(parsed.ids).items() if count > 1] == []
    assert parsed.fragments <= set(parsed.ids)
    if case.name.startswith("stays_"):
        # Python-Markdown alone is the oracle: nothing was touched.
        assert page == text and not references


def test_problems_name_key_and_line() -> None:
    """What cannot become a citation is reported where it stands."""
    text = (CASES / "stays_unknown.in.md").read_text(encoding="utf-8")
    _, _, problems = to_markdown("第一行 `x\ny` [@typo2020]\n\n```\n[@code2020]\n```\n\n" + text)
    unknown = "unknown citation key @nobody2020nothing in "
    shape = " is not a citation: write [@key] or [@a; @b], outside links"
    assert [(problem.line, problem.message) for problem in problems] == [
        (2, "unknown citation key @typo2020 in [@typo2020]"),
        (8, "[@hu2021lora, §3]" + shape),
        (8, "[见 @hu2021lora]" + shape),
        (8, unknown + "[@hu2021lora; @nobody2020nothing]"),
        (8, unknown + "[@nobody2020nothing]"),
    ]
    assert {(problem.path, problem.kind) for problem in problems} == {("page.md", "citation")}


@pytest.mark.parametrize(
    ("prose", "reported"),
    [
        ("[见 [@hu2021lora]](a.md)", ["[@hu2021lora]"]),
        ("[@hu2021lora, @dettmers2023qlora]", ["[@hu2021lora, @dettmers2023qlora]"]),
        ("[@hu2021lora；@dettmers2023qlora]", ["[@hu2021lora；@dettmers2023qlora]"]),
        ("[@hu2021lora;\n@dettmers2023qlora]", ["[@hu2021lora;\n@dettmers2023qlora]"]),
        ("[[@hu2021lora]]", []),
        ("![[@hu2021lora]]", []),
        ("[@hu2021lora](https://example.org/)", []),
        ("\\[@hu2021lora]", []),
        ("[@张三]", []),
        ("[x@y] [a@b.c] @dataclass", []),
    ],
)
def test_what_is_no_group_stays(prose: str, reported: list[str]) -> None:
    """Text that is not a citation group keeps its form; a near miss is reported."""
    text, problems = citations.guard(prose, KNOWN, "page.md", lambda _: 1)
    assert text == prose and citations.find_citations(prose) == []
    assert [problem.message.partition(" is not")[0] for problem in problems] == reported


def test_search_index_leaves_citations_out() -> None:
    """Material's own parser sees the sentence without its number and no section for the references."""
    page, references, _ = to_markdown("## 机制\n\n不留痕迹 [@hu2021lora]。")
    parser = Parser()
    parser.feed('<h2 id="a">机制</h2>' + to_html(page) + citations.reference_list(references))
    parser.close()
    shown = [section for section in parser.data if not section.is_excluded()]
    assert "参考文献" not in "".join("".join(section.title) for section in shown)
    assert "<p>不留痕迹。</p>" in "".join("".join(section.text) for section in shown)


def test_no_bibliography_changes_nothing() -> None:
    """In a vault without a bibliography every page comes out as it went in, and nothing is reported."""
    for case in CASES.glob("*.in.md"):
        text = case.read_text(encoding="utf-8")
        assert to_markdown(text, frozenset()) == (text, [], [])


@settings(deadline=None)  # a busy machine is not a failure
@given(st.text(alphabet="[]()@^!\\;:, \n`$#-ab1中", max_size=60))
def test_any_text_survives_the_plugin(text: str) -> None:
    """The plugin changes no text without a known key, whatever brackets and `@` it holds."""
    assert to_markdown(text)[:2] == (text, [])


@settings(deadline=None)  # a busy machine is not a failure
@given(st.text(alphabet="[]()@^!\\;: \n中", max_size=30), st.text(alphabet="[]@^!\\;: \n中", max_size=30))
def test_any_neighbours_survive_the_plugin(before: str, after: str) -> None:
    """Around an accepted group the text is kept, but for the blanks before the number."""
    group, _ = citations.guard("[@hu2021lora]", KNOWN, "page.md", lambda _: 1)
    released = citations.release(before + group + after)
    page, references = citations.restore(PLUGIN.on_page_markdown(released, page=None, config=None, files=None), ENTRIES)
    left, mark, right = page.partition('<sup class="citation"')
    assert mark and left.rstrip(" ") == before.rstrip(" ")
    assert right.partition("</sup>")[2] == after
    assert [cited.places for cited in references] == [("cite-hu2021lora-1",)]


def test_key_in_another_case_is_one_reference() -> None:
    """BibTeX keys have no case, so two spellings give one number."""
    group, problems = citations.guard("[@HU2021LoRA; @hu2021lora]", ENTRIES, "page.md", lambda _: 1)
    released = citations.release(group)
    after = PLUGIN.on_page_markdown(released, page=None, config=None, files=None)
    page, references = citations.restore(after, ENTRIES)
    assert not problems and [cited.reference.key for cited in references] == ["hu2021lora"]
    assert 'id="cite-hu2021lora-1">&#91;1&#93;</a></sup>' in page


@pytest.fixture(scope="module")
def bibliography() -> Any:
    """Parse references.bib with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return parse_file(str(ROOT / "references.bib"), "bibtex")


def test_bibliography_is_complete(bibliography: Any) -> None:
    """Every entry can be read and found, has a key that the plugin can cite, and stands in its order."""
    for key, entry in bibliography.entries.items():
        reference = citations.record(entry)
        assert reference.authors and reference.title and reference.year, key
        assert reference.doi or reference.arxiv or reference.url, key
        assert re.fullmatch(r"\d{4}|n\.d\.", reference.year), key
        assert re.fullmatch(r"|\d{4}\.\d{4,5}", reference.arxiv), key
        assert re.match(r"https?://|$", reference.url), key
        assert entry.fields["title"].startswith("{") and entry.fields["title"].endswith("}"), key
        assert re.fullmatch(r"[a-z0-9]+", key), key
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(.*),$", text, re.MULTILINE)
    assert keys == sorted(set(keys)) == list(bibliography.entries)


def test_plugin_can_format_the_bibliography(caplog: pytest.LogCaptureFixture) -> None:
    """Each entry has the fields that its type needs in mkdocs-bibtex's own style."""
    plugin = load(ROOT / "references.bib")
    del plugin.registry.reference_text
    everything = "".join(f"[@{key}]" for key in plugin.registry.bib_data.entries)
    plugin.on_page_markdown(everything, page=None, config=None, files=None)
    assert not caplog.records


@pytest.mark.skipif(not PAPERS.exists(), reason="the project's shared inventory is not part of a clone")
def test_bibliography_holds_every_paper(bibliography: Any) -> None:
    """The bibliography says what the inventory says."""
    for paper in yaml.safe_load(PAPERS.read_text(encoding="utf-8")):
        reference = citations.record(bibliography.entries[paper["key"]])
        authors = [name for name in paper["authors"] if name != "others"]
        assert reference.authors == tuple(" ".join(reversed(name.split(", "))) for name in authors)
        assert reference.more_authors == ("others" in paper["authors"])
        expected = [paper.get(field, "") for field in ("title", "venue", "year", "doi", "arxiv", "url")]
        expected[0] = paper["title"].replace("--", "–")
        expected[2] = str(paper.get("year") or "n.d.")
        found = [getattr(reference, field) for field in ("title", "venue", "year", "doi", "arxiv", "url")]
        assert found == expected, paper["key"]
