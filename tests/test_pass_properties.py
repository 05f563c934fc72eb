"""Properties of the whole pass, for any text: it ends, it is quick, it keeps code, and it reads back its own marks."""

from __future__ import annotations

import os
import random
import re
import time
from html import escape, unescape

import pytest
from handbook import blocks, frontmatter, inline, pages, pipeline, registry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialect import to_html

ATOMS = [
    "#", "##", " ", "  ", "\t", "\n", "\n\n", ">", "> ", "- ", "1. ", "* ", "`", "``", "```", "~~~", "$", "$$",
    "\\", "\\(", "\\)", "\\[", "\\]", "[[", "]]", "![[", "|", "[", "]", "](", "(", ")", "<", ">", "<div>",
    "</div>", "<!--", "-->", "%%", "==", "~~", "^", "^[", "^id", "[!note]", "+", "---", "===", "|-|-|", "[^1]",
    "[^1]: ", "@", "[@key]", "{", "}", "{#x}", "!!!", "???", "--8<--", "https://a.b/c", "a", "中文", "Ａ", "é",
    "🙂", "\ufdd0", "\ufdd00\ufdd1", "\u200b", "\r", "\x00", "<a id=x>", "    ",
]  # fmt: skip
MARKS = [atom for atom in ATOMS if "`" not in atom and not set(atom) & set("\n\r\x00\ufdd0\ufdd1") and atom.strip()]
TEXT = st.lists(st.sampled_from(ATOMS) | st.text(max_size=3), max_size=60).map("".join)


def render(text: str) -> pipeline.Page:
    note, _ = registry.read_note("n.md", frontmatter.normalise(text.encode("utf-8", "replace")), lambda tex: tex)
    return pipeline.normalise(note, registry.Vault([note]), keys=("key",))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT)
def test_any_text_goes_through(text: str) -> None:
    page = render(text)
    assert all(problem.line >= 1 for problem in page.problems)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_the_holes_of_a_split_give_the_text_back(text: str) -> None:
    text = frontmatter.normalise(text.encode())
    split = inline.split(text)
    assert split.source(split.prose) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(blacklist_characters="\n\r`", blacklist_categories=["Cs", "Cn"]), min_size=1), TEXT)
def test_a_fence_keeps_its_bytes(line: str, before: str) -> None:
    text = f"```text\n{line}\n```"
    page = render(f"{text}\n\n{before}")
    assert line.replace("\ufeff", "") in page.markdown.replace("\ufeff", "")


# What follows may be a block id, which names the paragraph.
ANCHOR = r'(?:<span class="anchor" id="[\w-]+"></span>)?'
VISIBLE = st.characters(blacklist_characters="`", blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(VISIBLE, min_size=1).filter(str.strip) | st.lists(st.sampled_from(MARKS), min_size=1).map("".join), TEXT)
def test_a_code_span_keeps_its_text(code: str, after: str) -> None:
    html = to_html(render(f"前 `{code}` 后\n\n{after}"))
    # CommonMark takes one space off each end when both ends have one.
    kept = code[1:-1] if code.startswith(" ") and code.endswith(" ") and code.strip() else code
    shown = re.match(rf"<p>{ANCHOR}前 <code>(.*?)</code> 后</p>", html, re.S)
    assert shown, html
    assert unescape(shown[1]) == kept


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("abc019_*~=#@$%&+-/.?(){}^!,;:'", min_size=1).map(lambda end: f"https://e.org/{end}z"), TEXT)
def test_an_address_keeps_its_text(address: str, after: str) -> None:
    html = to_html(render(f"见 {address} 后\n\n{after}"))
    link = f'<a href="{escape(address, quote=False)}">{escape(address, quote=False)}</a>'
    assert re.match(rf"<p>{ANCHOR}见 {re.escape(link)} 后</p>", html), html


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_a_second_run_changes_nothing(text: str) -> None:
    note, _ = registry.read_note("n.md", frontmatter.normalise(text.encode("utf-8", "replace")), lambda tex: tex)
    vault = registry.Vault([note])
    first, second = pipeline.normalise(note, vault, ("key",)), pipeline.normalise(note, vault, ("key",))
    assert (first.markdown, first.html, first.problems) == (second.markdown, second.html, second.problems)
    finished = to_html(first)
    assert pages.vault_addresses(pages.drop_broken(pages.restore_html(finished, [])), str) == finished


SLOW = {
    "backticks": "`" * 50_000 + "``a" * 10_000,
    "runs of backticks": " ".join("`" * n for n in range(1, 440)),
    "dollars": "$a " * 33_000,
    "dollars with code": "$a `b" * 20_000 + "$",
    "double dollars": "$$" * 50_001,
    "unclosed display": "x \\[\n" * 20_000,
    "brackets": "[" * 100_000,
    "targets": "](" * 50_000,
    "wikilinks": "[[" * 50_000,
    "embeds": "![[" * 33_000,
    "angles": "<a " * 33_000,
    "tag with attributes": "<a" + " a" * 49_000,
    "declarations": "<!a" * 33_000,
    "comments": "%%\n" * 33_001,
    "html comments": "<!--" * 25_000,
    "quotes": "> " * 50_000,
    "lazy quotes": "> a\nb\n" * 16_000,
    "nested lists": "".join("  " * (n % 60) + "- a\n" for n in range(3_000)),
    "list markers": "- " * 50_000,
    "fences": "```\n" * 25_001,
    "tables": "|a|b|\n|-|-|\n" * 8_000,
    "table rows": "|a|b|\n|-|-|\n" + "|" * 90_000,
    "footnotes": "[^1]: a\n" * 12_000,
    "inline footnotes": "^[" * 50_000,
    "closed inline footnotes": "^[a]" * 5_000,
    "emphasis": "*a_" * 33_000,
    "tags": "#a" * 50_000,
    "citations": "[@key" * 20_000,
    "citation groups": "[@key]" * 15_000,
    "spaces": " " * 100_000 + "x",
    "front matter": "---\n" * 25_000,
    "headings": "# a\n" * 5_000,
    "addresses": "https://" * 12_000,
    "math blocks": "$$\n" * 33_001,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_is_slow(name: str) -> None:
    text = SLOW[name][:100_000]
    took = _seconds(text)
    if took >= 1.0:  # what else the machine does is in none of three
        took = min(took, _seconds(text), _seconds(text))
    # Below a second; on a machine so slow that it is not, at least no more than in proportion.
    assert took < 1.0 or took < 3 * _seconds(text[: len(text) // 2]), (
        f"{name}: {len(text)} characters took {took:.2f} s"
    )


def _seconds(text: str) -> float:
    start = time.process_time()
    render(text)
    return time.process_time() - start


def test_nesting_has_a_limit() -> None:
    tree, _ = blocks.parse("> " * 500 + "text")
    assert sum(1 for _ in blocks.walk(tree)) <= blocks.MAX_DEPTH + 2


def fuzz(seconds: float, seed: int) -> tuple[int, int, float]:
    """Random notes of up to 100 KB for so long: their number, characters, slowest; AssertionError names the seed."""
    end = time.monotonic() + seconds
    notes = characters = 0
    slowest = 0.0
    while time.monotonic() < end:
        seed += 1
        chance = random.Random(seed)
        pool = chance.sample(ATOMS, chance.randrange(2, 12))
        text = "".join(chance.choices(pool, k=chance.choice((30, 300, 3_000, 30_000))))[:100_000]
        start = time.process_time()
        try:
            render(text)
        except Exception as error:
            raise AssertionError(f"crash with FUZZ_SEED={seed - 1}") from error
        took = time.process_time() - start
        assert took < 1, f"{took:.2f} s for {len(text)} characters with FUZZ_SEED={seed - 1}"
        slowest = max(slowest, took)
        notes, characters = notes + 1, characters + len(text)
    return notes, characters, slowest


def test_eight_seconds_of_random_notes() -> None:
    # CI tries the same notes each time, so that it fails for a change and not by chance; at home they are new ones.
    notes, _, _ = fuzz(8, 1 if os.environ.get("CI") else time.time_ns())
    assert notes > 10
