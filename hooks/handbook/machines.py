"""What programs read: each page's Markdown, `llms.txt`, the feed, and the data of a page for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

_SNIPPET = re.compile(r'^(?P<indent>[ \t>]*)--8<-- "(?P<path>[^":]+)(?::(?P<part>[\w-]+))?"[ \t]*$', re.M)
_CHANGE = re.compile(r"^\x00(\S+)$")
FEED_LENGTH = 30


@dataclass(frozen=True)
class Source:
    """A page as a program sees it: `path` is its address as Markdown, relative to the site's root, like `url`."""

    title: str
    summary: str
    section: str
    url: str
    path: str
    updated: str = ""
    """The day of the last change, as YYYY-MM-DD; empty when nobody knows."""


def days(log: str) -> dict[str, str]:
    """The day of the last change of each file, from `git log --format=%x00%cs --name-only`, the newest commit first."""
    found: dict[str, str] = {}
    day = ""
    for line in log.splitlines():
        commit = _CHANGE.match(line)
        if commit:
            day = commit[1]
        elif line:
            found.setdefault(line, day)
    return found


def markdown(title: str, body: str, read: Callable[[str], str | None]) -> str:
    """The source of a page on its own: its title as heading, the code that it shows in place.

    `read` gives the text of a file, None if there is none; then the line stays.
    """

    def code(match: re.Match[str]) -> str:
        text = read(match["path"])
        if text is None:
            return match[0]
        if match["part"]:
            inner = re.search(
                rf"^[^\n]*\[start:{match['part']}\][^\n]*\n(.*?)^[^\n]*\[end:{match['part']}\]", text, re.M | re.S
            )
            if inner is None:
                return match[0]
            text = inner[1]
        return "\n".join(match["indent"] + line for line in text.strip("\n").splitlines())

    return f"# {title}\n\n{_SNIPPET.sub(code, body).strip()}\n"


def llms(name: str, summary: str, sources: Sequence[Source], absolute: Callable[[str], str]) -> str:
    """`llms.txt` (llmstxt.org): the site in a few lines, then each section with its pages."""
    lines = [f"# {name}", "", f"> {summary}", "", f"全文在一个文件里：[llms-full.txt]({absolute('llms-full.txt')})"]
    section = None
    for source in sources:
        if source.section != section:
            section = source.section
            lines += ["", f"## {section}", ""]
        lines.append(f"- [{source.title}]({absolute(source.path)})" + (f"：{source.summary}" if source.summary else ""))
    return "\n".join(lines) + "\n"


def llms_full(
    name: str, summary: str, sources: Sequence[Source], texts: Mapping[str, str], absolute: Callable[[str], str]
) -> str:
    """`llms-full.txt`: the Markdown of every page, `texts` by path, each below its address."""
    parts = [f"# {name}\n\n> {summary}\n"]
    parts += [f"来源：{absolute(source.url) or './'}\n\n{texts[source.path]}" for source in sources]
    return "\n---\n\n".join(parts)


def feed(name: str, summary: str, sources: Iterable[Source], absolute: Callable[[str], str]) -> str:
    """RSS 2.0 of the pages changed last; pages of unknown date are left out."""
    dated = sorted((source for source in sources if source.updated), key=lambda source: source.url)
    dated.sort(key=lambda source: source.updated, reverse=True)
    items = "".join(
        "<item>"
        f"<title>{escape(source.title)}</title><link>{escape(absolute(source.url))}</link>"
        f'<guid isPermaLink="false">{escape(absolute(source.url))}#{source.updated}</guid>'
        f"<pubDate>{_rfc822(source.updated)}</pubDate><category>{escape(source.section)}</category>"
        f"<description>{escape(source.summary)}</description>"
        "</item>\n"
        for source in dated[:FEED_LENGTH]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{escape(name)}</title><link>{escape(absolute(''))}</link><language>zh-CN</language>"
        f"<description>{escape(summary)}</description>"
        f'<atom:link href="{escape(absolute("feed.xml"))}" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel></rss>\n"
    )


def _rfc822(day: str) -> str:
    return format_datetime(datetime.fromisoformat(day[:10]).replace(tzinfo=UTC))


def linked_data(source: Source, site: str, trail: Sequence[tuple[str, str]], absolute: Callable[[str], str]) -> str:
    """JSON-LD of an article and of the way to it; `trail` holds title and address of the pages above it."""
    article: dict[str, object] = {
        "@type": "TechArticle",
        "headline": source.title,
        "description": source.summary,
        "inLanguage": "zh-CN",
        "url": absolute(source.url),
        "isPartOf": {"@type": "WebSite", "name": site, "url": absolute("")},
        "license": "https://creativecommons.org/licenses/by-sa/4.0/",
    }
    if source.updated:
        article["dateModified"] = source.updated
    steps = [*trail, (source.title, source.url)]
    path = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": title, "item": absolute(address)}
            for position, (title, address) in enumerate(steps, 1)
        ],
    }
    data = json.dumps({"@context": "https://schema.org", "@graph": [article, path]}, ensure_ascii=False)
    # A title must not end the element that holds it.
    return data.replace("<", "\\u003c")


def minutes(text: str) -> int:
    """How long a page takes to read: 300 Chinese characters or 150 other words a minute, formulas and code by half."""
    code = re.sub(r"^(```|~~~).*?^\1|\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.M | re.S)
    han = len(re.findall(r"[\u3400-\u9fff]", code))
    words = len(re.findall(r"[A-Za-z0-9]+", code))
    return max(1, round(han / 300 + words / 150 + (len(text) - len(code)) / 2000))
