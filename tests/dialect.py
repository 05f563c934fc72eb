"""Renders a case of the dialect as the site would, without MkDocs: note, pass, Python-Markdown, restored HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import markdown
import yaml
from handbook import citations, formulas, frontmatter, links, model_table, models, pages, pipeline, registry, report
from mkdocs.utils.yaml import get_yaml_loader

from labs.models.parameter_count import count

ROOT = Path(__file__).resolve().parent.parent
CASES = Path(__file__).parent / "cases"


def extensions(*extra: str) -> tuple[list[str], dict[str, Any]]:
    """The Markdown extensions of mkdocs.yml and their settings, snippets excepted: they read the project's files."""
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=get_yaml_loader())
    settings: dict[str, Any] = {}
    for entry in config["markdown_extensions"]:
        name, options = next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
        if name != "pymdownx.snippets":
            settings[name] = options or {}
    settings["markdown_katex"] = {"insert_fonts_css": False}
    settings["toc"] = {**settings["toc"], "permalink": False}
    return [*settings, *extra], settings


@dataclass
class Rendered:
    """The HTML of a case, formulas as marks that hold their TeX, and the problems reported, one line each."""

    html: str
    problems: list[str]


def render(path: Path, vault_folder: Path | None = None, keys: tuple[str, ...] = ()) -> Rendered:
    """Render the case at `path` as a note of the vault in `vault_folder` (or of an empty one)."""
    name = path.name.removesuffix(".in.md") + ".md"
    texts = {name: path.read_bytes()}
    attachments = []
    strict = True
    if vault_folder and vault_folder.is_dir():
        strict = frontmatter.strict_line_breaks(vault_folder)
        for file in sorted(vault_folder.rglob("*")):
            relative = file.relative_to(vault_folder).as_posix()
            if file.suffix == ".md":
                texts[relative] = file.read_bytes()
            elif file.is_file() and not relative.startswith("."):
                attachments.append(relative)
    notes: list[registry.Note] = []
    hidden: list[registry.Note] = []
    problems: list[report.Problem] = []
    for note_path, data in texts.items():
        note, faults = registry.read_note(note_path, frontmatter.normalise(data), lambda tex: tex)
        (notes if note.meta.published else hidden).append(note)
        if note_path == name:
            problems += faults
    vault = registry.Vault(notes, attachments, hidden)
    if vault_folder and models.PATH in attachments:
        text = (vault_folder / models.PATH).read_text("utf-8")
        listed, faults = models.read(text, vault.concepts, count)
        problems += faults
        note = vault.notes[name]
        problems += model_table.show(note.blocks, name, listed, lambda id: links.in_vault(vault.concepts[id].path))
    page = pipeline.normalise(vault.notes[name], vault, keys)
    problems += page.problems + [problem for problem in vault.problems if problem.path == name]
    html = to_html(page, strict)
    return Rendered(html + "\n", [str(problem) for problem in sorted(set(problems))])


def to_html(page: pipeline.Page, strict: bool = True) -> str:
    """The HTML of a page's Markdown, as MkDocs and hooks/vault.py make it."""

    def lookup(tex: str) -> str | None:
        token = tex.removeprefix(pipeline.MATH_OPEN).removesuffix(pipeline.MATH_CLOSE)
        if token == tex:
            return None
        formula = page.formulas[int(token)]
        return pages.formula_mark(int(token), formula.source)

    formulas.install(lookup)
    text, _ = citations.restore(citations.release(page.markdown), {})
    html = pages.drop_broken(pages.restore_html(converter(strict).reset().convert(text), page.html))
    return pages.vault_addresses(pages.scrolling_tables(pages.table_heads(html)), lambda path: path)


@cache
def converter(strict: bool) -> markdown.Markdown:
    """Python-Markdown with the site's extensions."""
    names, settings = extensions(*([] if strict else ["nl2br"]))
    return markdown.Markdown(extensions=names, extension_configs=settings)
