"""Code as training text: round trip, order of files, and the numbers of docs/ai-coding/code-llama.md."""

from __future__ import annotations

import pytest

from labs.ai_coding.repo_sample import by_dependency, fim_text, repo_text
from labs.position.frequency_bands import full_pairs, wavelengths

FILES = {
    "main.py": "import library\nfrom student import Student\n",
    "student.py": "from library import Book\n",
    "library.py": "import os\n",
}


def test_the_hole_goes_to_the_end_and_nothing_is_lost() -> None:
    text = "def add(a, b):\n    return a + b\n"
    sample = repo_text("demo", [("util.py", "X = 1"), ("add.py", text)], 19, 31)
    assert sample == (
        "<|repo_name|>demo\n<|file_sep|>util.py\nX = 1\n<|file_sep|>add.py\n"
        "<|fim_prefix|>def add(a, b):\n    <|fim_suffix|>\n<|fim_middle|>return a + b<|endoftext|>"
    )
    head, _, rest = fim_text(text[:5], text[5:9], text[9:]).removeprefix("<|fim_prefix|>").partition("<|fim_suffix|>")
    tail, _, middle = rest.removesuffix("<|endoftext|>").partition("<|fim_middle|>")
    assert head + middle + tail == text


def test_definitions_come_before_uses() -> None:
    assert by_dependency(FILES) == ["library.py", "student.py", "main.py"]


def test_numbers_of_the_page() -> None:
    assert [full_pairs(128, 4096, 1e4), full_pairs(128, 16_384, 1e4), full_pairs(128, 100_000, 1e4)] == [46, 55, 64]
    assert [full_pairs(128, n, 1e6) for n in (4096, 16_384, 100_000)] == [31, 37, 45]
    assert 64 - full_pairs(128, 100_000, 1e6) == 19  # pairs that have not turned once
    slow, fast = wavelengths(128, 1e4)[-1], wavelengths(128, 1e6)[-1]
    assert (round(slow / 1e4, 1), round(fast / 1e6, 2)) == (5.4, 5.06)
    assert wavelengths(128, 1e6)[32] / wavelengths(128, 1e4)[32] == pytest.approx(10)


def test_averages_of_the_mixture_table() -> None:
    """Table 3 of the Qwen2.5-Coder report prints 31.3 for the first row; its seven scores give 37.3."""
    rows = (
        (49.8, 40.3, 10.3, 23.8, 42.8, 35.9, 58.3),
        (43.3, 36.2, 26.1, 52.5, 56.8, 57.1, 70.0),
        (48.3, 38.3, 33.2, 64.5, 62.9, 64.0, 73.5),
    )
    assert [round(sum(row) / 7, 1) for row in rows] == [37.3, 48.9, 55.0]
