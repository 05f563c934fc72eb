r"""Bytes per stored vector: full vectors, fewer bits, product codes, and the links of a graph.

Source: Douze et al., *The Faiss library* (arXiv:2401.08281), and the Faiss wiki, *Guidelines to choose an index*.
"""

from __future__ import annotations


# --8<-- [start:bytes]
def flat(d: int, bits: int = 32) -> float:
    """d numbers of `bits` bits each: 32 for float32, 16, 8, or 1 for signs."""
    return d * bits / 8


def product_code(m: int, centres: int = 256) -> float:
    """m numbers below `centres`, packed: a power of two costs its logarithm in bits."""
    return m * (centres - 1).bit_length() / 8


def links(m: int, id_bytes: int = 4) -> float:
    """The lowest layer of HNSW holds room for 2m neighbours a node; the layers above add a few per cent."""
    return 2 * m * id_bytes


# --8<-- [end:bytes]
