"""Tiling against brute force, and the numbers of docs/multimodal/anyres.md, blip3.md and gpt-4o.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

from labs.multimodal.anyres import GRIDS, best_grid, fit, gpt_4o_tokens, llava_next_tokens, resampled_tokens


@pytest.mark.parametrize("image", [(1024, 768), (300, 300), (1920, 1080), (800, 2400), (3000, 1000), (333, 777)])
def test_best_grid_equals_brute_force(image: tuple[int, int]) -> None:
    """Try every grid with exact fractions, keep the most pixels, then the least waste."""
    best: tuple[int, int] | None = None
    score: tuple[int, int] = (0, 0)
    for cols, rows in GRIDS:
        scale = min(Fraction(cols * 336, image[0]), Fraction(rows * 336, image[1]))
        kept = min(int(image[0] * scale) * int(image[1] * scale), image[0] * image[1])
        waste = cols * rows * 336 * 336 - kept
        if best is None or kept > score[0] or (kept == score[0] and waste < score[1]):
            best, score = (cols, rows), (kept, waste)
    assert best_grid(image, 336, GRIDS).grid == best


def test_removed_padding_equals_counting_cells() -> None:
    """Count the feature cells left when equal black bars are cut from both sides."""
    for image in [(1024, 768), (1920, 1080), (500, 900), (640, 480)]:
        cols, rows = best_grid(image, 336, GRIDS).grid
        width, height = cols * 24, rows * 24
        inside_h = int(image[1] * width / image[0]) if image[0] / image[1] > width / height else height
        inside_w = width if inside_h < height else min(width, int(image[0] * height / image[1]))
        cut_h, cut_w = (height - inside_h) // 2, (width - inside_w) // 2
        kept = [(r, c) for r in range(cut_h, height - cut_h) for c in range(cut_w, width - cut_w)]
        assert llava_next_tokens(image)[1] == len(kept)
        assert llava_next_tokens(image)[2] == len({r for r, _ in kept})


def test_numbers_of_the_page() -> None:
    """Page anyres: worked example 1024×768 and the table."""
    grids = {g: fit((1024, 768), g, 336) for g in GRIDS}
    assert {g: f.effective for g, f in grids.items()} == {
        (1, 2): 336 * 252,
        (2, 1): 448 * 336,
        (2, 2): 672 * 504,
        (3, 1): 448 * 336,
        (1, 3): 336 * 252,
    }
    assert (336 * 252, 448 * 336, 672 * 504) == (84_672, 150_528, 338_688)
    assert best_grid((1024, 768), 336, GRIDS).grid == (2, 2)
    table = [(300, 300), (1024, 768), (1000, 1000), (1920, 1080), (3000, 1000), (800, 2400)]
    assert [best_grid(s, 336, GRIDS).grid for s in table] == [(1, 2), (2, 2), (2, 2), (2, 2), (3, 1), (1, 3)]
    assert [llava_next_tokens(s) for s in table] == [
        (576, 576, 24),
        (576, 1728, 36),
        (576, 2304, 48),
        (576, 1344, 28),
        (576, 1728, 24),
        (576, 1728, 72),
    ]
    assert [sum(llava_next_tokens(s)) for s in table] == [1176, 2340, 2928, 1948, 2328, 2376]
    assert [resampled_tokens(s) for s in table] == [384, 640, 640, 640, 512, 512]
    assert 5 * 576 == 2880
    assert (12 + 1) * 128 == 1664
    assert round(2928 / 640, 1) == 4.6
    assert 128_000 // 640 == 200
    assert 4096 // 2928 == 1
    assert round(16 * 336 / 1920) == 3
    assert round(5.4 / 0.32) == 17


def test_gpt_4o_examples() -> None:
    """Page gpt-4o: the two examples of OpenAI's guide, and 1920×1080."""
    assert gpt_4o_tokens((1024, 1024)) == 85 + 4 * 170 == 765
    assert gpt_4o_tokens((2048, 4096)) == 85 + 6 * 170 == 1105
    assert gpt_4o_tokens((1920, 1080)) == 1105
    assert gpt_4o_tokens((512, 512)) == 255
