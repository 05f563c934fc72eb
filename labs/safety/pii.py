r"""Masking personal data by pattern, and what stays identifying when every pattern is masked.

Resident identity number: GB 11643-1999, whose last character is the ISO 7064 MOD 11-2 check digit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

WEIGHTS = [2 ** (17 - i) % 11 for i in range(17)]  # 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2


def id_check_digit(first17: str) -> str:
    """Check character of a resident identity number from its first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


# --8<-- [start:mask]
PATTERNS = {
    "身份证": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "手机号": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "邮箱": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
}


def mask(text: str) -> str:
    """Replace what looks like personal data by its kind; an 18-digit number must also pass its checksum."""
    for kind, pattern in PATTERNS.items():

        def label(found: re.Match[str], kind: str = kind) -> str:
            number = found[0].upper()
            genuine = kind != "身份证" or id_check_digit(number[:17]) == number[17]
            return f"[{kind}]" if genuine else found[0]

        text = pattern.sub(label, text)
    return text


# --8<-- [end:mask]


# --8<-- [start:anonymity]
Row = Sequence[str]


def anonymity(rows: Sequence[Row], columns: Sequence[int]) -> int:
    """k: size of the smallest group of rows that agree in the quasi-identifiers `columns`."""
    return min(Counter(tuple(row[c] for c in columns) for row in rows).values())


def unique_share(rows: Sequence[Row], columns: Sequence[int]) -> float:
    """Share of rows that are alone in their group: whoever knows these columns of a person finds the row."""
    groups = Counter(tuple(row[c] for c in columns) for row in rows)
    return sum(size for size in groups.values() if size == 1) / len(rows)


def diversity(rows: Sequence[Row], columns: Sequence[int], secret: int) -> int:
    """l: the fewest different values of the column `secret` in a group; 1 means a group that gives it away."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        groups.setdefault(tuple(row[c] for c in columns), set()).add(row[secret])
    return min(len(values) for values in groups.values())


# --8<-- [end:anonymity]
