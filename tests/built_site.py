"""The built site, for the tests that read it: built once a run, strictly, to be served below a sub-path."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from handbook import disk

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "/handbook/"
"""Where a server must show the site; its 404 page, shown at any depth, holds this path in its links."""


@cache
def _build() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="site-")
    atexit.register(folder.cleanup)
    environment = {name: value for name, value in os.environ.items() if name not in ("DOCS_DIR", "SITE_DIR")}
    environment |= {"SITE_URL": f"http://127.0.0.1{PREFIX}", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder.name]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"the site does not build:\n{run.stdout}{run.stderr}"
    return Path(folder.name)


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site; SITE names one that is built already, with SITE_URL ending in PREFIX."""
    return Path(os.environ["SITE"]) if "SITE" in os.environ else _build()


@pytest.fixture(scope="session")
def packed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a reader has who unpacks the site for the disk."""
    folder = tmp_path_factory.mktemp("disk")
    disk.pack(site, folder / "handbook.zip")
    shutil.unpack_archive(folder / "handbook.zip", folder)
    return folder / disk.FOLDER


def prose(markdown: str) -> str:
    """A note without its fenced code, where callouts are only shown."""
    return re.sub(r"^(`{3,}|~{3,}).*?^\1`*$", "", markdown, flags=re.M | re.S)


def page_addresses(site: Path) -> list[str]:
    """The address of every page but the 404 page, relative to the root of the site: `""`, `attention/` and so on."""
    folders = sorted(file.parent.relative_to(site).as_posix() for file in site.rglob("index.html"))
    return ["" if folder == "." else f"{folder}/" for folder in folders]
