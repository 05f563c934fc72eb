r"""Any-resolution tiling: which grid fits an image, and how many tokens it then costs.

Sources: LLaVA-NeXT (the code of LLaVA 1.6: best grid, padding removed, a newline token per row); xGen-MM
(arXiv:2408.08872), section 3.1 (each tile resampled on its own); OpenAI's vision guide for GPT-4o (tiles of 512).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

Size = tuple[int, int]
"""Width and height."""

GRIDS: list[Size] = [(1, 2), (2, 1), (2, 2), (3, 1), (1, 3)]
"""Columns and rows of the tilings that LLaVA-NeXT and xGen-MM allow."""


# --8<-- [start:grid]
@dataclass(frozen=True)
class Fit:
    """An image in a grid: its size once scaled, how many of its own pixels survive, how much canvas is padding."""

    grid: Size
    scaled: Size
    effective: int
    wasted: int


def fit(image: Size, grid: Size, tile: int) -> Fit:
    """Scale `image` to fit the canvas of `grid` without changing its shape."""
    canvas = (grid[0] * tile, grid[1] * tile)
    scale = min(canvas[0] / image[0], canvas[1] / image[1])
    scaled = (int(image[0] * scale), int(image[1] * scale))
    effective = min(scaled[0] * scaled[1], image[0] * image[1])  # enlarging adds no information
    return Fit(grid, scaled, effective, canvas[0] * canvas[1] - effective)


def best_grid(image: Size, tile: int, grids: list[Size]) -> Fit:
    """Most surviving pixels first, then the least waste."""
    return max((fit(image, grid, tile) for grid in grids), key=lambda f: (f.effective, -f.wasted))


# --8<-- [end:grid]


# --8<-- [start:tokens]
def llava_next_tokens(image: Size, tile: int = 336, patch: int = 14) -> tuple[int, int, int]:
    """Tokens of the thumbnail, of the tiles without their padding, and of the row ends."""
    side = tile // patch  # 24
    cols, rows = best_grid(image, tile, GRIDS).grid
    width, height = cols * side, rows * side  # the stitched map of features
    if image[0] / image[1] > width / height:  # black bars above and below
        height -= (height - int(image[1] * width / image[0])) // 2 * 2
    else:  # at the sides
        width -= (width - int(image[0] * height / image[1])) // 2 * 2
    return side * side, width * height, height


def resampled_tokens(image: Size, tile: int = 384, queries: int = 128, grids: list[Size] = GRIDS) -> int:
    """xGen-MM: the same number of tokens for every tile and for the thumbnail."""
    cols, rows = best_grid(image, tile, grids).grid
    return (cols * rows + 1) * queries


# --8<-- [end:tokens]


# --8<-- [start:gpt-4o]
def gpt_4o_tokens(image: Size) -> int:
    """GPT-4o, detail "high": fit into 2048², shorter side down to 768, 170 per 512² tile and 85 for the whole."""
    scale = min(1.0, 2048 / max(image))
    scale *= min(1.0, 768 / (min(image) * scale))
    tiles = ceil(image[0] * scale / 512) * ceil(image[1] * scale / 512)
    return 85 + 170 * tiles


# --8<-- [end:gpt-4o]
