"""The numbers of docs/distributed/zero-offload.md."""

from __future__ import annotations

import pytest

from labs.distributed.offload import efficiency, fetch_seconds, intensity, needed_bandwidth, offload_bytes

PEAK = 70e12
PCIE4 = 16e9 * 16 * 128 / 130 / 8  # 16 GT/s, 16 lanes, 128b/130b coding: bytes per second, one direction


def test_placement() -> None:
    """Page: 13B: 26 GB on the GPU, 182 GB in DRAM; 7B: 28 GB over the bus a step, 0.44 s each way on PCIe 4.0 x16."""
    thirteen = offload_bytes(13e9)
    assert (thirteen["gpu"], thirteen["cpu"]) == (26e9, 182e9)
    assert thirteen["gpu"] + thirteen["cpu"] == 16 * 13e9
    seven = offload_bytes(7e9)
    assert seven["down"] + seven["up"] == 28e9
    assert pytest.approx(31.5, abs=0.05) == PCIE4 / 1e9
    assert seven["down"] / PCIE4 == pytest.approx(0.44, abs=5e-3)


def test_paper_bandwidths() -> None:
    """Page: ZeRO-Infinity's 70 GB/s at batch 1 and 1.5 TB/s at batch 2, 1024 tokens a sequence."""
    assert intensity(1024, "weights") == 1024
    assert intensity(1024, "optimizer") == 256
    assert efficiency(1024, "weights", 70e9, PEAK) == pytest.approx(0.506, abs=5e-4)
    assert efficiency(2048, "optimizer", 1.5e12, PEAK) == pytest.approx(0.916, abs=5e-4)
    assert needed_bandwidth(1024, "weights", PEAK, 0.5) == pytest.approx(68.4e9, abs=5e7)
    assert needed_bandwidth(2048, "optimizer", PEAK, 0.9) == pytest.approx(1.23e12, abs=5e9)


def test_more_tokens_hide_the_bus() -> None:
    """Page: over 16 GB/s, 1024 tokens give 19 %, 16,384 give 79 %; optimizer states there 48 %."""
    assert efficiency(1024, "weights", 16e9, PEAK) == pytest.approx(0.19, abs=5e-3)
    assert efficiency(16384, "weights", 16e9, PEAK) == pytest.approx(0.79, abs=5e-3)
    assert efficiency(16384, "optimizer", 16e9, PEAK) == pytest.approx(0.48, abs=5e-3)


def test_partitioned_fetch() -> None:
    """Page: 1 GB over 16 buses of 3 GB/s and a 150 GB/s link: 340 ms by one owner, 27 ms partitioned, 12.6 times."""
    owner = fetch_seconds(1e9, 16, 3e9, 150e9, partitioned=False)
    parts = fetch_seconds(1e9, 16, 3e9, 150e9, partitioned=True)
    assert owner == pytest.approx(0.340, abs=5e-4)
    assert parts == pytest.approx(0.027, abs=5e-4)
    assert owner / parts == pytest.approx(12.6, abs=0.05)
