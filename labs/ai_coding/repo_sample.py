r"""Code as training text: several files of a repository in one document, the last with its middle moved to the end.

Source: Hui et al., *Qwen2.5-Coder Technical Report* (arXiv:2409.12186), figures 3 and 4; Rozière et al., *Code Llama*
(arXiv:2308.12950), sections 2.3 and 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter


# --8<-- [start:format]
def fim_text(prefix: str, middle: str, suffix: str) -> str:
    """File-level sample; at inference everything after <|fim_middle|> is left for the model."""
    return f"<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>{middle}<|endoftext|>"


def repo_text(name: str, files: Sequence[tuple[str, str]], begin: int, end: int) -> str:
    """Repository-level sample: whole files, then a last one whose span [begin, end) is to be filled."""
    *others, (path, text) = files
    whole = "".join(f"<|file_sep|>{p}\n{t}\n" for p, t in others)
    return f"<|repo_name|>{name}\n{whole}<|file_sep|>{path}\n" + fim_text(text[:begin], text[begin:end], text[end:])


# --8<-- [end:format]


# --8<-- [start:order]
def imports(text: str) -> set[str]:
    """Modules that a Python file imports by plain name."""
    return set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))


def by_dependency(files: Mapping[str, str]) -> list[str]:
    """Paths, each after the files it imports, so that a definition is read before its use."""
    needs = {p: {f"{m}.py" for m in imports(t)} & files.keys() for p, t in files.items()}
    return list(TopologicalSorter(dict(sorted(needs.items()))).static_order())


# --8<-- [end:order]
