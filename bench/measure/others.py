"""The same pages for other generators: what the hooks make of the notes, with settings that all of them read.

Neither stock Material nor Zensical renders formulas, which they leave to a script in the browser (arithmatex).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import yaml
from handbook import emit, links, pages, pipeline, session
from mkdocs.commands import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.yaml import get_yaml_loader

from bench.measure.projects import ROOT

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.txt"
ZENSICAL = ROOT / ".cache" / "bench-venv"

_MATH = re.compile(rf"\$`{pipeline.MATH_OPEN}(\d+){pipeline.MATH_CLOSE}`\$")
_HTML = re.compile(rf"{emit.HTML_OPEN}(\d+){emit.HTML_CLOSE}")


def zensical() -> str:
    """The program, in an environment of its own, which is made when it is needed first."""
    done, wanted = ZENSICAL / "installed", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not done.is_file() or done.read_text() != wanted:
        venv.create(ZENSICAL, clear=True, with_pip=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]
        subprocess.run([str(ZENSICAL / "bin" / "python"), *install, str(REQUIREMENTS)], check=True)
        done.write_text(wanted)
    return str(ZENSICAL / "bin" / "zensical")


class _Kept:
    """Writes each page's Markdown as the hooks have left it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @event_priority(-1000)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Write the page, with HTML and formulas in place of their tokens; the page itself stays as it is."""
        state = session.current()
        note = state.vault.notes.get(page.file.src_uri)
        plugin: Any = config.plugins["bibtex"]
        keys = plugin.registry.bib_data.entries if state.own else ()
        # The build keeps the rendered formulas, and not what was written.
        root = Path.cwd() if state.own else None
        made = pipeline.normalise(note, state.vault, keys, root) if note else pipeline.Page("")

        def formula(found: re.Match[str]) -> str:
            # A formula of several lines would end the paragraph that it may stand in.
            return " ".join(made.formulas[int(found[1])].source.split())

        def relative(path: str) -> str:
            file = files.src_uris.get(path)
            return get_relative_url(file.url, page.url) if file else path

        text = _MATH.sub(formula, _HTML.sub(lambda found: made.html[int(found[1])], markdown))
        text = pages.vault_addresses(text, relative).replace(links.BROKEN, "")
        target = self._folder / page.file.src_uri
        target.parent.mkdir(parents=True, exist_ok=True)
        head = yaml.safe_dump({"title": str(page.title)}, allow_unicode=True)
        target.write_text(f"---\n{head}---\n{text}", "utf-8")
        return markdown


def write(folder: Path) -> None:
    """Write the pages, the pictures and the settings for the project of the working directory below a folder."""
    config = load_config("mkdocs.yml", site_dir=str(folder / "ours"))
    kept: Any = _Kept(folder / "docs")
    config.plugins["bench/kept"] = kept
    config.plugins.on_startup(command="build", dirty=False)
    build.build(config)
    shutil.rmtree(folder / "ours")
    shutil.copytree(
        config.docs_dir, folder / "docs", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.md", ".obsidian")
    )
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(_settings(Path.cwd()), allow_unicode=True), "utf-8")


def _settings(project: Path) -> dict[str, Any]:
    ours = yaml.load((project / "mkdocs.yml").read_text("utf-8"), Loader=get_yaml_loader())
    theme = {key: ours["theme"][key] for key in ("name", "language", "font", "features", "palette")}
    extensions = {}
    for entry in ours["markdown_extensions"]:
        name, options = next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
        extensions[name] = dict(options or {})
    # A fence for Mermaid needs a Python function as a setting.
    extensions["pymdownx.superfences"].pop("custom_fences")
    extensions["pymdownx.snippets"]["base_path"] = [str(project)]
    extensions["pymdownx.arithmatex"] = {"generic": True}
    return {
        "site_name": ours["site_name"],
        "site_url": "http://127.0.0.1/",
        "theme": theme,
        "markdown_extensions": [{name: options} for name, options in extensions.items()],
        "plugins": ["search"],
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]))
