r"""A rule-based reward: find the boxed answer, compare it exactly, check the format and the language.

Kinds of reward as in DeepSeek-R1 (arXiv:2501.12948), sections 2.2.2 and 2.3.2; shaping as in Qwen2.5-Math
(arXiv:2409.12122), section 3.3. Real graders also need LaTeX algebra, units, sets and intervals.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

FORMAT = re.compile(r"\s*<think>(?P<thought>.*?)</think>\s*(?P<answer>.*)", re.DOTALL)
TEX = re.compile(r"-?\\d?frac\{(-?\d+)\}\{(-?\d+)\}")


# --8<-- [start:extract]
def boxed(text: str) -> str | None:
    r"""The content of the last \boxed{…}, braces balanced; None if there is none or it never closes."""
    start = text.rfind("\\boxed{")
    if start < 0:
        return None
    depth, begin = 1, start + len("\\boxed{")
    for i in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if depth == 0:
            return text[begin:i].strip()
    return None


def number(text: str) -> Fraction | None:
    """An exact number from 1,024 / 0.5 / 1/2 / 50% / \\frac{1}{2}; None if it is something else."""
    plain = text.replace(",", "").replace("\\%", "%").replace(" ", "").strip("$")
    if found := TEX.fullmatch(plain):
        sign = -1 if plain.startswith("-") else 1
        return sign * Fraction(int(found[1]), int(found[2])) if int(found[2]) else None
    try:
        return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None


# --8<-- [end:extract]


# --8<-- [start:reward]
def accuracy(reply: str, truth: str) -> float:
    """1 if the last box after the thinking equals the reference, as a number where both are numbers."""
    found = FORMAT.fullmatch(reply)
    given = boxed(found["answer"] if found else reply)
    if given is None:
        return 0.0
    left, right = number(given), number(truth)
    return float(left == right if left is not None and right is not None else given == truth.strip())


def well_formed(reply: str) -> float:
    """1 if there is exactly one thinking block, at the start, and something after it."""
    found = FORMAT.fullmatch(reply)
    return float(bool(found and found["answer"].strip()) and reply.count("<think>") == reply.count("</think>") == 1)


def language(reply: str) -> float:
    """Share of Chinese among the words of the thinking; a Han character or a run of Latin letters is one word."""
    found = FORMAT.fullmatch(reply)
    words = re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", found["thought"] if found else "")
    return sum(len(w) == 1 and w > "\u4dff" for w in words) / len(words) if words else 0.0


# --8<-- [end:reward]


# --8<-- [start:shape]
def shaped(model_score: float, right: bool, alpha: float = 0.5) -> float:
    r"""$\sigma(\alpha r_m)+(r_v-1)$: in (0, 1) for right answers, in (-1, 0) for wrong ones, ranked inside each."""
    return 1 / (1 + math.exp(-alpha * model_score)) + (float(right) - 1)


# --8<-- [end:shape]
