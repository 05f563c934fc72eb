"""The search of the built site in a browser, served and from the disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def home(page: Page, address: str) -> Page:
    """The home page, open."""
    page.goto(address)
    return page


@pytest.fixture(scope="session")
def engine(browser: Browser, address: str) -> Iterator[Page]:
    """A page to ask `window.siteSearch`, one for all tests that do no more than that."""
    page = browser.new_page(service_workers="block")
    page.goto(address)
    yield page
    page.close()


def argument(file: Path) -> Any:
    """What a generated script passes to its call, without the name before it."""
    call = file.read_text("utf-8").rstrip().removesuffix(");")
    start = call.index('",[') + 2 if call.startswith('handbookSearch.text("') else call.index("(") + 1
    return json.loads(call[start:])


@pytest.fixture(scope="session")
def index(site: Path) -> dict[str, Any]:
    """The data of the built index."""
    data: dict[str, Any] = argument(site / "assets/search/index.js")
    return data


@pytest.fixture(scope="session")
def texts(site: Path, index: dict[str, Any]) -> dict[str, list[str]]:
    """The sections' texts of each page, by address."""
    return {row[0]: argument(site / f"assets/search/text/{row[1]}.js") for row in index["pages"]}
