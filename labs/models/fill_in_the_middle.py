r"""Fill in the middle: move a piece of the document to its end, then train as ever, left to right.

Source: Bavarian et al., *Efficient Training of Language Models to Fill in the Middle* (arXiv:2207.14255), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]

PRE, SUF, MID, EOT = "<PRE>", "<SUF>", "<MID>", "<EOT>"


# --8<-- [start:fim]
def split(text: str, rng: np.random.Generator) -> tuple[str, str, str]:
    """Prefix, middle, suffix: two cuts drawn uniformly over characters, so that words may be cut too."""
    a, b = sorted(int(i) for i in rng.integers(0, len(text) + 1, 2))
    return text[:a], text[a:b], text[b:]


def psm(prefix: str, middle: str, suffix: str) -> list[str]:
    """Prefix, suffix, middle: the order that the model reads; nothing in the network changes."""
    return [PRE, prefix, SUF, suffix, MID, middle, EOT]


def spm(prefix: str, middle: str, suffix: str) -> list[str]:
    """Suffix first: typing more prefix then leaves the cached keys of the suffix valid."""
    return [SUF, suffix, PRE, prefix, MID, middle, EOT]


def transform(text: str, rate: float, rng: np.random.Generator) -> list[str]:
    """A share `rate` of the documents is rearranged (PSM), the rest stays an ordinary document."""
    return psm(*split(text, rng)) if rng.random() < rate else [text, EOT]


def restore(parts: list[str]) -> str:
    """The document back from either order."""
    if parts[0] == PRE:
        return parts[1] + parts[5] + parts[3]
    return parts[3] + parts[5] + parts[1] if parts[0] == SUF else parts[0]


# --8<-- [end:fim]


def prompt(prefix: str, suffix: str) -> list[str]:
    """What an editor sends: the model continues with the middle until it writes <EOT>."""
    return [PRE, prefix, SUF, suffix, MID]


def reused(old: list[str], new: list[str]) -> int:
    """Leading characters that two prompts share, so whose keys and values a cache keeps."""
    a, b = "".join(old), "".join(new)
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
