r"""One piece of knowledge kept as text, as KV cache or in weights: after how many uses each form pays.

Source of the three forms: Li et al., *MemOS* (arXiv:2507.03724), section 4. Costs are counted in forward passes over
one token (2N FLOPs for N parameters); training costs three of them (forward and backward).
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.attention.grouped_query import LLAMA3_8B


# --8<-- [start:forms]
@dataclass(frozen=True)
class Form:
    """Cost once, and cost of every use, in token-forwards."""

    write: float
    use: float

    def total(self, uses: int) -> float:
        """All in all after so many uses."""
        return self.write + self.use * uses


def forms(memory: int, samples: int, epochs: int, load: float) -> dict[str, Form]:
    """`memory` tokens of text; `samples` training texts of that length; `load`: reading the cache, as a share of
    computing it."""
    return {
        "plaintext": Form(0, memory),  # read again each time
        "activation": Form(memory, memory * load),  # computed once, then loaded
        "parametric": Form(3 * samples * memory * epochs, 0),  # trained once, then free
    }


def break_even(a: Form, b: Form) -> float:
    """Uses from which `b` (dearer to write, cheaper to use) is ahead of `a`."""
    return (b.write - a.write) / (a.use - b.use)


# --8<-- [end:forms]


# --8<-- [start:load]
def load_share(memory: int, params: float, flops: float, bytes_per_token: float, bandwidth: float) -> float:
    """Time to move the cached keys and values, over the time to compute them: both grow with `memory`."""
    return (memory * bytes_per_token / bandwidth) / (memory * 2 * params / flops)


# --8<-- [end:load]

# 128 KiB a token: 32 layers, 8 heads of K and of V, 128 wide, 16 bit
TOKEN_BYTES = float(LLAMA3_8B.cache_bytes())
