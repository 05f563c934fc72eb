"""Settings of every test: where CI is set, a skipped test is a failed one."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from pytest import CallInfo, Collector, CollectReport, Item, TestReport


def _must_run(report: CollectReport | TestReport) -> None:
    """Turn a skip into a failure that shows its reason; an expected failure stays what it is."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI skips nothing: {report.nodeid}: {reason}"


# First means outermost: the skipping plugin's own wrapper has had its say.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Item, call: CallInfo[None]) -> Generator[None, TestReport, TestReport]:
    report = yield
    _must_run(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: Collector) -> Generator[None, CollectReport, CollectReport]:
    report = yield
    _must_run(report)
    return report
