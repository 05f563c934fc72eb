"""The commands and the CI of the project: set-up, pins, skips and workflows."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def _locked() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def _pin(requirement: Requirement) -> str:
    """Return the one version that `requirement` allows."""
    found = re.fullmatch(r"==([\w.]+)", str(requirement.specifier))
    assert found, f"not pinned exactly: {requirement}"
    return found[1]


def test_pyproject_and_requirements_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = map(Requirement, project["dependencies"] + project["optional-dependencies"]["dev"])
    locked = {requirement.name: _pin(requirement) for requirement in _locked()}
    assert {r.name.lower(): _pin(r) for r in named}.items() <= locked.items()


def test_the_environment_is_the_locked_one() -> None:
    wanted = {r.name: _pin(r) for r in _locked() if r.marker is None or r.marker.evaluate()}
    assert {name: importlib.metadata.version(name) for name in wanted} == wanted


def test_npm_packages_are_pinned_and_no_registry_is_named() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    for version in (package["dependencies"] | package["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


SKIPPING = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no browser")
def test_marked(): pass

def test_inside(): pytest.skip("no torch")

def test_missing(): pytest.importorskip("no_such_module")

@pytest.mark.xfail(strict=True)
def test_known_fault(): assert False
"""


@pytest.mark.parametrize(
    ("ci", "status", "closing"),
    [
        ({}, 0, "1 passed, 4 skipped, 1 xfailed"),
        ({"CI": "true"}, 1, "2 failed, 1 passed, 1 xfailed, 2 errors"),
    ],
    ids=["at home", "in CI"],
)
def test_ci_skips_nothing(tmp_path: Path, ci: dict[str, str], status: int, closing: str) -> None:
    shutil.copy(ROOT / "tests" / "no_skips.py", tmp_path / "conftest.py")
    (tmp_path / "test_skipping.py").write_text(SKIPPING, "utf-8")
    (tmp_path / "test_module.py").write_text("import pytest; pytest.importorskip('no_such_module')", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | ci
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "."]
    if ci:
        # An error while collecting would otherwise end the run before the skipped tests.
        command.append("--continue-on-collection-errors")
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == status, run.stdout
    assert closing in run.stdout.splitlines()[-1]
    if ci:
        assert all(reason in run.stdout for reason in ("no browser", "no torch", "no_such_module"))


def _make(*arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": path}
    command = [str(shutil.which("make")), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "version", "arguments", "message"),
    [
        ("python3", "3.10.9", ["PYTHON=python3"], "Python 3.11 or newer is needed, but python3 is 3.10.9"),
        ("other", "", ["PYTHON=absent"], "Python 3.11 or newer is needed, but absent is missing"),
        (
            "node",
            "v16.20.2",
            [],
            "Node.js 18 or newer is needed to render the formulas, but node is v16.20.2",
        ),
        ("node", "", [], "Node.js 18 or newer is needed to render the formulas, but node is missing"),
    ],
)
def test_make_says_what_is_missing(tmp_path: Path, name: str, version: str, arguments: list[str], message: str) -> None:
    # A program that fails every question but the one for its version.
    program = tmp_path / name
    asked = f'case "$*" in *print*|--version) echo {version};; *) exit 1;; esac' if version else "exit 127"
    program.write_text(f"#!/bin/sh\n{asked}\n", "utf-8")
    program.chmod(0o755)
    arguments = arguments or [f"PYTHON={sys.executable}"]
    run = _make("--no-print-directory", "needs", *arguments, path=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert run.returncode != 0
    assert run.stderr.splitlines()[0].startswith(message)


def test_make_alone_prints_the_targets() -> None:
    run = _make(path=os.environ["PATH"])
    assert run.returncode == 0
    for target in ("serve", "build", "offline", "test", "check", "bench", "clean"):
        assert re.search(rf"^make {target} ", run.stdout, re.MULTILINE)


def _lint_workflow(file: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", "tools/lint_workflows.mjs", str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_workflow_lint_finds_a_fault(tmp_path: Path) -> None:
    workflow = tmp_path / "bad.yml"
    workflow.write_text(
        "on: push\npermissions: {contents: raed}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: ls}]}}\n"
    )
    run = _lint_workflow(workflow)
    assert run.returncode == 1
    assert f"{workflow}:2:" in run.stdout
    assert "raed" in run.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_permissions_stated(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    uses = re.findall(r"uses: (\S+)", text)
    assert uses
    for action in uses:
        assert re.search(r"@(v\d+(\.\d+)*|[0-9a-f]{40})$", action), f"{action} is not pinned"
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
