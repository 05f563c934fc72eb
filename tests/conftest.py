"""What every test gets: where CI is set a skip is a failure, and one Chromium and one built site serve all."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.browsing import address, browser, page
from tests.built_site import packed, site
from tests.no_skips import pytest_make_collect_report, pytest_runtest_makereport

# CI tries the same examples each time, so that it fails for a change and not by chance.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

# Two Chromiums in one run would each want Playwright's loop.
__all__ = ["address", "browser", "packed", "page", "pytest_make_collect_report", "pytest_runtest_makereport", "site"]
