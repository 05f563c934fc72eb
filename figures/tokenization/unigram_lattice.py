"""All segmentations of a phrase as paths through a lattice; the best path and its rival in the two accents."""

from __future__ import annotations

from math import exp

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization.unigram import viterbi
from labs.tokenization.unigram_em import PHRASES, train

TEXT = "研究生命起源"
LEFT, GAP, BASE = 40.0, 106.0, 180.0


def draw() -> str:
    """Pieces of one character that have hardly any probability are left pale and without a number."""
    model = train(PHRASES, 10)
    best, _ = viterbi(TEXT, model)
    rival, _ = viterbi(TEXT, {piece: lp for piece, lp in model.items() if piece != "生命"})
    svg = Svg(720, 330, "研究生命起源 的切分格：上方是概率最大的路径 研究、生命、起源，下方是 研究生、命、起源")
    on_best, on_rival = spans(best), spans(rival)
    for i in range(len(TEXT)):
        for j in range(i + 1, len(TEXT) + 1):
            piece = TEXT[i:j]
            if piece not in model:
                continue
            label = f"{exp(model[piece]):.3f}" if exp(model[piece]) > 1e-3 else ""
            if (i, j) in on_best:
                arc(svg, i, j, 62, ACCENT, 3.5, f"{piece} {label}")
            elif (i, j) in on_rival:
                arc(svg, i, j, -78 if j - i > 1 else -50, ACCENT2, 3, f"{piece} {label}")
            else:
                x1, x2 = LEFT + GAP * i, LEFT + GAP * j
                svg.line(x1 + 12, BASE, x2 - 12, BASE, opacity=0.35)
    for i in range(len(TEXT) + 1):
        svg.circle(LEFT + GAP * i, BASE, 9, fill=INK, opacity=0.55)
    for i, char in enumerate(TEXT):
        svg.text(LEFT + GAP * (i + 0.5), BASE - 8, char, size=20, opacity=0.8)
    svg.text(LEFT - 14, 30, f"最优：P = {product(model, best):.4f}", size=19, anchor="start", fill=ACCENT, bold=True)
    svg.text(LEFT - 14, 318, f"次优：P = {product(model, rival):.4f}", size=19, anchor="start", fill=ACCENT2, bold=True)
    return svg.render()


def spans(pieces: list[str]) -> set[tuple[int, int]]:
    """Start and end of each piece in the text."""
    out, at = set(), 0
    for piece in pieces:
        out.add((at, at + len(piece)))
        at += len(piece)
    return out


def product(model: dict[str, float], pieces: list[str]) -> float:
    return exp(sum(model[piece] for piece in pieces))


def arc(svg: Svg, i: int, j: int, height: float, color: str, width: float, label: str) -> None:
    """A parabola from node i to node j, above the line if `height` is positive, with its label at the top."""
    x1, x2 = LEFT + GAP * i, LEFT + GAP * j
    points = [
        (x1 + (x2 - x1) * t / 24, BASE - (9 if height > 0 else -9) - height * 4 * (t / 24) * (1 - t / 24))
        for t in range(25)
    ]
    svg.polyline(points, stroke=color, width=width)
    svg.text((x1 + x2) / 2, BASE - height - (20 if height > 0 else -32), label, size=18, fill=color)
