r"""The generation loop: ask for the next logits, pick a token, append it, stop for one of three reasons.

Sources: Vaswani et al. (arXiv:1706.03762), section 3.1 (the decoder consumes what it generated); the stopping rules
are those of any serving library: an end token, a length, a string that may straddle tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
NextLogits = Callable[[list[int]], Array]  # tokens so far → logits (V,) of the next one
Pick = Callable[[Array], int]


# --8<-- [start:loop]
def generate(
    model: NextLogits,
    prompt: list[int],
    pick: Pick,
    max_new: int,
    eos: int | None = None,
    decode: Callable[[list[int]], str] | None = None,
    stops: Sequence[str] = (),
) -> tuple[list[int], str]:
    """New tokens and why it stopped: "eos" (kept as the last token), "stop" or "length"."""
    out: list[int] = []
    while len(out) < max_new:
        token = pick(model(prompt + out))  # the only step where greedy and sampling differ
        out.append(token)
        if token == eos:
            return out, "eos"
        if decode is not None and find_stop(decode(out), stops) >= 0:
            return out, "stop"
    return out, "length"


# --8<-- [end:loop]


# --8<-- [start:stop]
def find_stop(text: str, stops: Sequence[str]) -> int:
    """Where the earliest stop string begins in `text`, or −1."""
    return min((at for stop in stops if (at := text.find(stop)) >= 0), default=-1)


def safe_prefix(text: str, stops: Sequence[str]) -> str:
    """What may be streamed: hold back an end of `text` that could still grow into a stop string."""
    cut = find_stop(text, stops)
    if cut >= 0:
        return text[:cut]
    held = max(
        (n for stop in stops for n in range(1, len(stop)) if text.endswith(stop[:n])),
        default=0,
    )
    return text[: len(text) - held]


# --8<-- [end:stop]


# --8<-- [start:cost]
def token_forwards(prompt: int, new: int, cache: bool) -> int:
    """How many token positions go through the network to make `new` tokens after a prompt."""
    if cache:
        return prompt + new - 1  # the prompt once, then every new token but the last
    return sum(prompt + t for t in range(new))  # the whole prefix again at every step


# --8<-- [end:cost]
