r"""Moving model states out of the GPU: how many bytes cross the bus, and how much batch hides them.

Sources: Ren et al., *ZeRO-Offload* (arXiv:2101.06840), section 3; Rajbhandari et al., *ZeRO-Infinity*
(arXiv:2104.07857), sections 3 to 5. Bandwidth in bytes per second, per GPU.
"""

from __future__ import annotations


# --8<-- [start:placement]
def offload_bytes(params: float) -> dict[str, float]:
    """ZeRO-Offload on one card: 16-bit weights stay, gradients and FP32 states (weights, m, v) live in DRAM."""
    return {"gpu": 2 * params, "cpu": (2 + 12) * params, "down": 2 * params, "up": 2 * params}


# --8<-- [end:placement]


# --8<-- [start:efficiency]
def intensity(tokens: float, what: str) -> float:
    """FLOPs per byte moved for `tokens` per GPU and step; Φ cancels.

    Arithmetic with recomputation: 2ΦT forward, 2ΦT again, 4ΦT backward = 8ΦT.
    Weights are read three times and gradients written once, 16 bit each: 8Φ bytes.
    Optimizer states are read and written once, 16 bytes each way: 32Φ bytes.
    """
    return 8 * tokens / {"weights": 4 * 2, "optimizer": 2 * 16}[what]


def efficiency(tokens: float, what: str, bandwidth: float, peak: float) -> float:
    """Share of peak without any overlap: compute time over compute plus transfer time."""
    work = intensity(tokens, what) * bandwidth
    return work / (work + peak)


def needed_bandwidth(tokens: float, what: str, peak: float, share: float) -> float:
    """The inverse: bandwidth at which `share` of the peak is reached."""
    return peak * share / (1 - share) / intensity(tokens, what)


# --8<-- [end:efficiency]


# --8<-- [start:fetch]
def fetch_seconds(size: float, cards: int, bus: float, link: float, partitioned: bool) -> float:
    """Bring a parameter of `size` bytes from DRAM or NVMe to all cards over `bus` each, then over the GPU `link`.

    Owner and broadcast: one bus works, the others wait. Partitioned: all read a 1/N piece at once, then all-gather.
    """
    if partitioned:
        return size / cards / bus + (cards - 1) / cards * size / link
    return size / bus + size / link


# --8<-- [end:fetch]
