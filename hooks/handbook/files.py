"""Which files of a vault make the site, and where: templates stay out, nothing outside comes in, no page is lost."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from . import links
from .registry import Note, fold
from .report import Problem


def settle(files: Files, config: MkDocsConfig) -> list[Problem]:
    """Leave out what must not be published, keep every page at an address of its own; gives what to report."""
    problems = _leave_out(files, Path(config.docs_dir))
    _keep_readmes(files, config)
    pages = files.documentation_pages()
    _folder_notes(pages)
    return problems + _distinct(pages)


def relative(address: str, page: str) -> str:
    """The address of a page, which may have a fragment, relative to another page."""
    path, mark, fragment = address.partition("#")
    return get_relative_url(path, page) + mark + fragment


def _leave_out(files: Files, vault: Path) -> list[Problem]:
    """Remove templates, and symbolic links to files outside the vault; only those are a fault."""
    outside: set[str] = set()
    root = vault.resolve()
    templates = _template_folder(vault)
    for file in list(files):
        if file.src_dir is None or Path(file.src_dir).resolve() != root:
            continue
        if not Path(file.abs_src_path or "").resolve().is_relative_to(root):
            files.remove(file)
            outside.add(_way_out(vault, file.src_uri))
        elif templates and fold(file.src_uri).startswith(fold(templates) + "/"):
            files.remove(file)
    message = "leads outside the vault and is left out: put the file itself here"
    return [Problem(path, 1, "outside the vault", message) for path in sorted(outside)]


def _way_out(vault: Path, path: str) -> str:
    """The part of a path that is the symbolic link."""
    parts = path.split("/")
    steps = ("/".join(parts[: count + 1]) for count in range(len(parts)))
    return next((step for step in steps if (vault / step).is_symlink()), path)


def _template_folder(vault: Path) -> str:
    """The folder that Obsidian's settings name for templates; MkDocs itself leaves out `templates/`."""
    settings = vault / ".obsidian" / "templates.json"
    try:
        folder = json.loads(settings.read_text("utf-8")).get("folder", "") if settings.is_file() else ""
    except (OSError, ValueError, AttributeError):
        return ""
    return str(folder).strip("/")


def _keep_readmes(files: Files, config: MkDocsConfig) -> None:
    """Give a README beside an index a page of its own: MkDocs would leave it out."""
    for index in list(files.documentation_pages()):
        folder, name = posixpath.split(index.src_uri)
        readme = posixpath.join(folder, "README.md")
        if (
            name == "index.md"
            and index.src_dir
            and readme not in files.src_uris
            and (Path(index.src_dir) / readme).is_file()
        ):
            file = File(readme, index.src_dir, config.site_dir, config.use_directory_urls)
            file.name = "README"
            files.append(file)


def _folder_notes(pages: Sequence[File]) -> None:
    """Make `folder/folder.md` the index of a folder that has none, and an index or readme in any case of letters."""
    indexed = {posixpath.dirname(file.src_uri) for file in pages if file.name == "index"}
    for file in pages:
        folder = posixpath.dirname(file.src_uri)
        names = {"index", "readme"} | ({fold(posixpath.basename(folder))} if folder else set())
        if folder not in indexed and fold(file.name) in names:
            file.name = "index"
            for cached in ("dest_uri", "url", "abs_dest_path"):
                file.__dict__.pop(cached, None)
            indexed.add(folder)


def _distinct(pages: Sequence[File]) -> list[Problem]:
    """Give a page another address when `a.md` and `a/index.md` would both be `a/`, so that none is lost."""
    problems = []
    taken: dict[str, File] = {}
    for file in sorted(pages, key=lambda file: (file.name != "index", file.src_uri)):
        count = 1
        first = file.dest_uri
        while fold(file.dest_uri) in taken:
            count += 1
            folder, name = posixpath.split(first)
            file.dest_uri = f"{folder}-{count}/{name}" if folder and file.use_directory_urls else f"{count}-{name}"
        if count > 1:
            other = taken[fold(first)].src_uri
            message = f"has the same address as {other}: it is published at {file.dest_uri}; rename one of them"
            problems.append(Problem(file.src_uri, 1, "address", message))
        taken[fold(file.dest_uri)] = file
    return problems


def home(notes: Sequence[Note]) -> str:
    """The Markdown of a home page for a vault that has none: its top notes and folders."""
    lines = ["---", "title: 首页", "---", ""]
    top = sorted((note for note in notes if not note.folder), key=lambda note: (note.meta.order or 1e9, note.path))
    lines += [f"- [{links.escape(note.title)}]({quote(note.path)})" for note in top]
    for folder in sorted({note.folder.split("/")[0] for note in notes if note.folder}):
        inside = [note for note in notes if note.folder.split("/")[0] == folder]
        lines += ["", f"## {links.escape(folder)}", ""]
        inside = sorted(inside, key=lambda note: note.path)
        lines += [f"- [{links.escape(note.title)}]({quote(note.path)})" for note in inside]
    return "\n".join(lines) + "\n"
