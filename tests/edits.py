"""Random edits of a vault and of the project around it, of every kind that an author makes; with a seed, the same."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

_FRONT = re.compile(r"---\n(.*?)^---\n", re.S | re.M)
HEADING = re.compile(r"#{2,6} .*?(?=(?: \^[\w-]+)?$)", re.M)
_BLOCK_ID = re.compile(r" \^[\w-]+$", re.M)
_EMBED = re.compile(r"!\[\[([^\]|#]+)")
_SHOWN = re.compile(r'^--8<-- "(labs/[^":]+)', re.M)
_DRAWINGS = (".svg",)
_PICTURES = (".svg", ".png")
ADDRESSES = ("", "http://127.0.0.1/handbook/", "https://example.org/other/")


class Edits:
    """Edits a project; each is named by its kind, a method below, and all of them by the seed."""

    def __init__(self, project: Path, seed: int) -> None:
        """Edit `project`, whose vault is `docs/`."""
        self.project = project
        self.docs = project / "docs"
        self.environment = {"SITE_URL": "", "REPOSITORY": ""}
        """What the build is told by the environment, which an edit may change, too."""
        self.made = 0
        self._chance = random.Random(seed)
        self._before: dict[Path, bytes | None] = {}

    def random(self) -> str:
        """Make an edit of a random kind."""
        while True:
            kind = self._chance.choice(KINDS)
            try:
                return self.apply(kind)
            except IndexError:  # There is nothing to do this to.
                continue

    def apply(self, kind: str) -> str:
        """Make an edit of a kind; gives what was done, for a message. IndexError where there is nothing to edit."""
        self.made += 1
        self.environment.pop("DOCS_DIR", None)
        before, self._before = self._before, {}
        if kind == "undo":
            for path, data in before.items():
                self._put(path, data)
            return f"undo: {', '.join(self._name(path) for path in before) or 'nothing'}"
        done: str = getattr(self, kind)()
        return f"{kind}: {done}"

    # --- what an author does to the text of a note ---

    def prose(self) -> str:
        """A sentence more."""
        return self._line(f"第 {self.made} 次修改。")

    def formula(self) -> str:
        """A formula more, one that no build has seen."""
        return self._line(f" $x_{{{self.made}}}+\\sqrt{{{self.made}}}$")

    def link(self) -> str:
        """A link to a name that leads somewhere, or that a later edit may give to something."""
        later = self.made + self._chance.randrange(1, 30)
        target = self._pick([*self._names(), f"new{later}", f"别名 {later}", f"题目 {later}"])
        return self._line(f" [[{target}]]")

    def cite(self) -> str:
        """A citation more."""
        return self._line(f" [@{self._pick(self._keys())}]")

    def hashtag(self) -> str:
        """A tag in the text."""
        return self._line(f" #标签{self._chance.randrange(5)} ")

    def embed(self) -> str:
        """A note, a section or a file embedded at the end of another note."""
        return self._append(f"\n![[{self._pick(self._names())}]]\n")

    def footnote(self) -> str:
        """A footnote."""
        return self._append(f"\n又一条脚注[^n{self.made}]。\n\n[^n{self.made}]: 脚注 {self.made}。\n")

    def diagram(self) -> str:
        """A diagram, which brings a script to the page."""
        return self._append(f"\n```mermaid\ngraph LR\n  A --> B{self.made}\n```\n")

    def question(self) -> str:
        """A question, which goes into the bank of questions and the deck."""
        return self._append(f"\n> [!question]- 第 {self.made} 问，$q_{{{self.made}}}$ 是什么？\n> 答案 {self.made}。\n")

    def erratum(self) -> str:
        """A corrected error, which goes into the list of them."""
        return self._append(
            f"\n> [!warning] 常见误区：第 {self.made} 个\n> 不对，见 [[{self._pick(self._names())}]]。\n"
        )

    def heading(self) -> str:
        """A heading renamed."""
        return self._replace(HEADING, lambda found: f"{found[0]} {self.made}")

    def block_id(self) -> str:
        """A block's id removed, or one given to a line."""
        if self._chance.random() < 0.5:
            return self._replace(_BLOCK_ID, lambda _: "")
        return self._line(f" ^b{self.made}")

    def embedded(self) -> str:
        """A sentence more in a note that others embed."""
        wanted = {name for path in self._notes() for name in _EMBED.findall(_read(path))}
        return self._line(f"嵌入的第 {self.made} 次修改。", [path for path in self._notes() if path.stem in wanted])

    def concept(self) -> str:
        """A concept that has its home in a note."""
        path = self._pick([note for note in self._notes() if "concepts:" not in _read(note)])
        self._front(path, "concepts", f"{{c{self.made}: [概念 {self.made}]}}")
        self._write(path, _read(path) + f"\n## 概念 {self.made} ^c{self.made}\n\n概念 {self.made} 的家。\n")
        return self._name(path)

    # --- what an author does to the front matter ---

    def title(self) -> str:
        """Another title."""
        return self._field("title", f"题目 {self.made}")

    def alias(self) -> str:
        """An alias more, or none."""
        return self._field("aliases", self._chance.choice((f"[别名 {self.made}]", None)))

    def tag(self) -> str:
        """Other tags, or none."""
        return self._field("tags", self._chance.choice((f"[标签{self.made % 5}, 写法]", None)))

    def summary(self) -> str:
        """Another summary."""
        return self._field("summary", f"第 {self.made} 个摘要，有 $s_{{{self.made}}}$。")

    def order(self) -> str:
        """Another place among its neighbours."""
        return self._field("order", str(self._chance.randrange(100)))

    def difficulty(self) -> str:
        """Another difficulty."""
        return self._field("difficulty", self._chance.choice("易中难"))

    def publish(self) -> str:
        """A note hidden, or one shown."""
        path = self._pick(self._notes())
        text = _read(path)
        hidden = "publish: false" in text or "draft: true" in text
        self._front(path, "draft", None)
        self._front(path, "publish", None if hidden else "false")
        return f"{self._name(path)} {'shown' if hidden else 'hidden'}"

    def permalink(self) -> str:
        """An old address."""
        return self._field("permalink", f"[/old/{self.made}/, 又一个.html]")

    def updated(self) -> str:
        """The day of the last change, by the author."""
        return self._field("updated", f"2026-{self._chance.randrange(1, 13):02}-01")

    def prerequisites(self) -> str:
        """What to read before a section."""
        sections = sorted(path.parent.name for path in self.docs.glob("*/index.md"))
        path = self._pick([self.docs / name / "index.md" for name in sections])
        self._front(path, "prerequisites", f"[{self._pick(sections)}]")
        return self._name(path)

    # --- what happens to files ---

    def add(self) -> str:
        """A new note."""
        path = self._pick(self._folders()) / f"new{self.made}.md"
        links = " ".join(f"[[{self._pick(self._names())}]]" for _ in range(3))
        self._write(path, f"---\ntitle: 新页 {self.made}\n---\n\n新的一页，链接 {links}。\n\n## 一节\n\n文。\n")
        return self._name(path)

    def delete(self) -> str:
        """A note removed."""
        path = self._pick(self._notes())
        self._put(path, None)
        return self._name(path)

    def rename(self) -> str:
        """A note renamed."""
        path = self._pick(self._notes())
        return self._move(path, path.with_stem(f"{path.stem}-{self.made}"))

    def move(self) -> str:
        """A note moved to another folder."""
        path = self._pick(self._notes())
        return self._move(path, self._pick(self._folders()) / path.name)

    def folder(self) -> str:
        """A folder renamed."""
        old = self._pick([folder for folder in self._folders() if folder != self.docs])
        new = old.with_name(f"{old.name}-{self.made}")
        for path in sorted(path for path in old.rglob("*") if path.is_file()):
            self._move(path, new / path.relative_to(old))
        return f"{self._name(old)} to {self._name(new)}"

    def figure(self) -> str:
        """A drawing changed."""
        path = self._pick(self._files(_DRAWINGS))
        self._write(path, _read(path).replace("</svg>", f"<text>{self.made}</text></svg>"))
        return self._name(path)

    def colours(self) -> str:
        """A drawing that took the page's colours and so stood in the page no longer does, or now does."""
        path = self._pick(self._files(_DRAWINGS))
        text = _read(path)
        own = "currentColor" in text
        self._write(path, re.sub("currentColor", "#808080", text) if own else text.replace("#808080", "currentColor"))
        return self._name(path)

    def attachment(self) -> str:
        """A picture renamed."""
        path = self._pick(self._files(_PICTURES))
        return self._move(path, path.with_stem(f"{path.stem}-{self.made}"))

    def no_attachment(self) -> str:
        """A picture removed."""
        path = self._pick(self._files(_PICTURES))
        self._put(path, None)
        return self._name(path)

    def touched(self) -> str:
        """A note saved as it is."""
        path = self._pick(self._notes())
        self._write(path, _read(path))
        return self._name(path)

    # --- what the notes are built with ---

    def lab(self) -> str:
        """A line more at the end of each part of a lab that a note shows."""
        shown = {self.project / name for path in self._notes() for name in _SHOWN.findall(_read(path))}
        path = self._pick([path for path in shown if path.is_file()])
        self._write(path, _read(path).replace("# --8<-- [end:", f"# 第 {self.made} 次\n# --8<-- [end:"))
        return self._name(path)

    def test(self) -> str:
        """A test more: the home page tells their number."""
        self._write(self.project / "tests" / f"test_{self.made}.py", "\ndef test_it() -> None:\n    pass\n")
        return f"tests/test_{self.made}.py"

    def reference(self) -> str:
        """The title of a work changed in the bibliography."""
        path = self.project / "references.bib"
        key = self._pick(self._keys())
        self._write(path, re.sub(rf"({{{key},\s+title = {{{{)", rf"\g<1>{self.made} ", _read(path)))
        return key

    def no_reference(self) -> str:
        """A work renamed in the bibliography."""
        path = self.project / "references.bib"
        key = self._pick(self._keys())
        self._write(path, _read(path).replace(f"{{{key},", f"{{{key}{self.made},"))
        return key

    def model(self) -> str:
        """The name of a model changed in the data."""
        path = self.docs / "data" / "models.yaml"
        name: str = self._pick(re.findall(r"^  name: (.*)$", _read(path), re.M))
        self._write(path, _read(path).replace(f"  name: {name}\n", f"  name: {name} {self.made}\n"))
        return name

    def template(self) -> str:
        """The theme changed."""
        path = self.project / "overrides" / "main.html"
        self._write(path, _read(path).replace("{% block extrahead %}", f"{{% block extrahead %}}<!-- {self.made} -->"))
        return self._name(path)

    def settings(self) -> str:
        """A setting of the site changed."""
        path = self.project / "mkdocs.yml"
        self._write(path, re.sub(r"(?m)^site_name: .*", f"site_name: 站点 {self.made}", _read(path)))
        return self._name(path)

    def extension(self) -> str:
        """A setting of the Markdown extensions changed."""
        path = self.project / "mkdocs.yml"
        self._write(path, re.sub(r"(permalink_title: ).*", rf"\g<1>链接 {self.made}", _read(path)))
        return self._name(path)

    def line_breaks(self) -> str:
        """Obsidian's setting for single line breaks, turned over."""
        path = self.docs / ".obsidian" / "app.json"
        strict = bool(json.loads(_read(path))["strictLineBreaks"])
        self._write(path, json.dumps({"strictLineBreaks": not strict}))
        return self._name(path)

    def commit(self) -> str:
        """All changes committed: the pages tell the day of their last change."""
        day = f"2026-{self._chance.randrange(1, 13):02}-{self._chance.randrange(1, 29):02}T12:00:00Z"
        environment = os.environ | {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        author = ["-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
        for command in (["add", "--all"], [*author, "commit", "--quiet", "--allow-empty", "--message", day]):
            subprocess.run(["git", *command], cwd=self.project, env=environment, check=True)
        return day

    def address(self) -> str:
        """The site's address, told by the environment."""
        self.environment["SITE_URL"] = self._pick([one for one in ADDRESSES if one != self.environment["SITE_URL"]])
        return self.environment["SITE_URL"] or "none"

    def repository(self) -> str:
        """The repository's address, told by the environment."""
        self.environment["REPOSITORY"] = f"https://github.com/owner/name{self.made}"
        return self.environment["REPOSITORY"]

    def foreign(self) -> str:
        """For one build, the same notes as a vault that is not the project's."""
        other = self.project / "elsewhere" / "docs"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.docs, other)
        self.environment["DOCS_DIR"] = str(other)
        return self._name(other)

    # --- what the kinds are made of ---

    def _put(self, path: Path, data: bytes | None) -> None:
        """Write a file, or remove it, and remember what it was."""
        self._before.setdefault(path, path.read_bytes() if path.exists() else None)
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _write(self, path: Path, text: str) -> None:
        self._put(path, text.encode())

    def _move(self, path: Path, target: Path) -> str:
        data = path.read_bytes()
        self._put(path, None)
        self._put(target, data)
        return f"{self._name(path)} to {self._name(target)}"

    def _front(self, path: Path, key: str, value: str | None) -> None:
        """Set a field of a note's front matter, or remove it."""
        text = _read(path)
        front = _FRONT.match(text)
        # A field's value may go on in lines that are indented.
        lines = re.sub(rf"^{key}:.*\n(?:[ \t].*\n)*", "", front[1] if front else "", flags=re.M)
        lines += f"{key}: {value}\n" if value is not None else ""
        self._write(path, f"---\n{lines}---\n{text[front.end() :] if front else text}")

    def _field(self, key: str, value: str | None) -> str:
        path = self._pick(self._notes())
        self._front(path, key, value)
        return f"{self._name(path)}: {value}"

    def _line(self, more: str, notes: Sequence[Path] | None = None) -> str:
        """Put text at the end of a line of prose."""
        places = [(path, at) for path in (self._notes() if notes is None else notes) for at in line_ends(_read(path))]
        path, at = self._pick(places)
        text = _read(path)
        self._write(path, text[:at] + more + text[at:])
        return f"{self._name(path)}:{text.count(chr(10), 0, at) + 1}"

    def _append(self, more: str) -> str:
        path = self._pick(self._notes())
        self._write(path, _read(path) + more)
        return self._name(path)

    def _replace(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> str:
        """Replace one place that matches."""
        places = [(path, found) for path in self._notes() for found in pattern.finditer(_read(path))]
        path, found = self._pick(places)
        text = _read(path)
        self._write(path, text[: found.start()] + by(found) + text[found.end() :])
        return f"{self._name(path)}: {found[0].strip()}"

    def _names(self) -> list[str]:
        """What a link may name: notes, titles, aliases, headings, blocks, pictures."""
        names = [path.name for path in self._files(_PICTURES)]
        for path in self._notes():
            text = _read(path)
            names.append(path.stem)
            names += [name.strip() for name in re.findall(r"^(?:title: |aliases: \[)([^\],\n$#|]+)", text, re.M)]
            names += [f"{path.stem}#{found[0].strip('# ')}" for found in HEADING.finditer(text)]
            names += [f"{path.stem}#{found[0].strip()}" for found in _BLOCK_ID.finditer(text)]
        return names

    def _keys(self) -> list[str]:
        return re.findall(r"^@\w+\{([^,]+),", _read(self.project / "references.bib"), re.M)

    def _notes(self) -> list[Path]:
        return self._files((".md",))

    def _files(self, suffixes: tuple[str, ...]) -> list[Path]:
        return sorted(path for path in self.docs.rglob("*") if path.suffix in suffixes)

    def _folders(self) -> list[Path]:
        return sorted({path.parent for path in self._notes()})

    def _pick(self, values: Iterable[Value]) -> Value:
        """One of the values; IndexError if there is none."""
        return self._chance.choice(list(values))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix()


KINDS = [*(name for name in vars(Edits) if not name.startswith("_") and name not in ("apply", "random")), "undo"]


def _read(path: Path) -> str:
    return path.read_text("utf-8")


def line_ends(text: str) -> Iterator[int]:
    """Where lines of prose end, before a block's id."""
    front = _FRONT.match(text)
    fenced, at = False, front.end() if front else 0
    for line in text[at:].splitlines(keepends=True):
        fenced ^= line.lstrip("> ").startswith("```") or line.count("$$") == 1
        if not fenced and re.match(r"[\u4e00-\u9fff]", line):
            yield at + len(_BLOCK_ID.sub("", line.rstrip("\n")))
        at += len(line)
