r"""Cutting a long document: what an overlap guarantees, what it costs, and how many calls a summary tree makes.

Pure counting; the window over a document is that of Beltagy et al., *Longformer* (arXiv:2004.05150) only in spirit.
"""

from __future__ import annotations

from math import ceil


# --8<-- [start:chunks]
def chunks(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """[begin, end) of each chunk; a chunk starts `size − overlap` after the one before."""
    stride = size - overlap
    count = max(1, ceil((length - overlap) / stride))
    return [(i * stride, min(i * stride + size, length)) for i in range(count)]


def cut_share(span: int, size: int, overlap: int) -> float:
    """Share of the places where a passage of `span` tokens is whole in no chunk (far from both ends)."""
    return min(1.0, max(0, span - overlap - 1) / (size - overlap))


def summary_calls(length: int, window: int, summary: int) -> list[int]:
    """Calls on each level of map-reduce: chunks of at most `window` tokens, each turned into `summary` tokens."""
    levels = [ceil(length / window)]
    while levels[-1] > 1:
        levels.append(ceil(levels[-1] * summary / window))
    return levels


# --8<-- [end:chunks]
