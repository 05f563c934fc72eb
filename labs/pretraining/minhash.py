r"""Near-duplicates by MinHash and banding: short signatures whose agreement estimates the Jaccard similarity.

Sources: Broder, *On the resemblance and containment of documents* (1997); banding as in Lee et al. (arXiv:2107.06499),
appendix A.
"""

from __future__ import annotations

from hashlib import sha1
from itertools import combinations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PRIME = 2**31 - 1
"""Prime of the hash family: a·h + b stays below 2^62, so int64 never overflows."""


# --8<-- [start:signature]
def shingles(text: str, n: int = 5) -> set[str]:
    """All runs of n characters: the set that stands for a document."""
    return {text[i : i + n] for i in range(max(len(text) - n, 0) + 1)}


def jaccard(x: set[str], y: set[str]) -> float:
    """Size of the intersection over size of the union."""
    return len(x & y) / len(x | y)


def hash_family(k: int, seed: int = 0) -> tuple[Ints, Ints]:
    """Coefficients (k,), (k,) of k hash functions h → (a·h + b) mod PRIME."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, PRIME, k), rng.integers(0, PRIME, k)


def signature(items: set[str], family: tuple[Ints, Ints]) -> Ints:
    """The smallest value of each of k hash functions over the set: (k,)."""
    codes = [int.from_bytes(sha1(s.encode()).digest()[:4], "little") % PRIME for s in items]
    h = np.array(codes, dtype=np.int64)  # (m,)
    a, b = family
    values = (a[:, None] * h + b[:, None]) % PRIME  # (k, m)
    out: Ints = values.min(axis=1)  # (k,)
    return out


def estimate(x: Ints, y: Ints) -> float:
    """Share of positions where two signatures (k,) agree: unbiased for the Jaccard similarity."""
    return float((x == y).mean())


# --8<-- [end:signature]


# --8<-- [start:banding]
def candidates(signatures: Ints, bands: int) -> set[tuple[int, int]]:
    """Pairs of rows of `signatures` (n, k) that agree on all k/bands values of at least one band."""
    n, k = signatures.shape
    found: set[tuple[int, int]] = set()
    for band in signatures.reshape(n, bands, k // bands).transpose(1, 0, 2):  # (n, r) each
        buckets: dict[bytes, list[int]] = {}
        for i, row in enumerate(band):
            buckets.setdefault(row.tobytes(), []).append(i)  # equal rows meet, unequal pairs are never compared
        for rows in buckets.values():
            found.update(combinations(rows, 2))
    return found


def s_curve(similarity: Array, bands: int, rows: int) -> Array:
    """Probability that a pair becomes a candidate: 1 − (1 − s^r)^b."""
    out: Array = 1 - (1 - similarity**rows) ** bands
    return out


def clusters(n: int, pairs: set[tuple[int, int]]) -> list[list[int]]:
    """Connected components of the pairs: each keeps one document and drops the rest."""
    root = list(range(n))

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for i, j in pairs:
        root[max(find(i), find(j))] = min(find(i), find(j))
    groups: dict[int, list[int]] = {}
    for i in range(n):
        groups.setdefault(find(i), []).append(i)
    return list(groups.values())


# --8<-- [end:banding]

FINEWEB, LEE = (14, 8), (450, 20)
"""(bands, rows a band) of FineWeb and of Lee et al."""

_NEWS = (
    "市气象台今天上午发布高温橙色预警，预计未来三天最高气温将升至三十七摄氏度以上，"
    "请市民减少午后户外活动，注意补充水分，老人和儿童尤其要防范中暑。"
)
EXAMPLE = [
    _NEWS,
    _NEWS.replace("今天上午", "今日上午"),
    "来源：本地新闻网　" + _NEWS + "（责任编辑：小李）",
    _NEWS.replace("三十七", "三十五").replace("未来三天", "周末两天").replace("老人和儿童", "户外工作者"),
    "预警升级：气象台称接下来几天会很热，最高温度超过三十七度，大家中午少出门，多喝水，小心中暑。",
    "本市图书馆周末延长开放时间，读者凭身份证即可进馆，新增的自习座位需要提前一天在网上预约。",
]
