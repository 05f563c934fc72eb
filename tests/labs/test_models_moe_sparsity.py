"""Kimi K2 against DeepSeek-V3; numbers of docs/models/kimi-k2.md."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from labs.attention.mla import flops, parameters
from labs.models.activated_range import LONGCAT
from labs.models.moe_sparsity import K2, V3, by_part, doubling, sparsity
from labs.models.parameter_count import Model, count


def test_table_of_activated_parts() -> None:
    parts = [by_part(m) for m in (V3, K2)]
    assert [round(p["attention"] / 1e9, 2) for p in parts] == [11.41, 6.17]
    assert [round(p["dense and shared"] / 1e9, 2) for p in parts] == [3.74, 3.04]
    assert [round(p["routed, active"] / 1e9, 2) for p in parts] == [20.43, 21.14]
    assert [round(p["routed, all"] / 1e9, 1) for p in parts] == [653.9, 1014.7]
    assert [sparsity(m) for m in (V3, K2)] == [32, 48]
    assert [round(count(m).total / 1e9, 1) for m in (V3, K2)] == [671.0, 1026.4]
    assert round((parts[0]["attention"] - parts[1]["attention"]) / 1e9, 1) == 5.2


def test_attention_agrees_with_the_mla_lab() -> None:
    for m in (V3, K2):
        norms = 61 * (1536 + 512)  # the lab of MLA leaves its two norms out
        assert by_part(m)["attention"] - norms == 61 * parameters(7168, 1536, 512, m["heads"], 128, 64)["layer"]


@pytest.mark.parametrize(
    ("per_pair", "context", "percent"), [(512, 131_072, 83), (640, 131_072, 86), (2176, 131_072, 95), (512, 4096, 25)]
)
def test_doubling_the_heads(per_pair: int, context: int, percent: int) -> None:
    assert round(100 * doubling(32.6e9, per_pair, context)) == percent


def test_costs_per_pair_are_those_of_the_mla_lab() -> None:
    for per_pair, absorb in ((640, False), (2176, True)):
        more = flops(1, 101, 1, 128, 512, 64, absorb=absorb) - flops(1, 100, 1, 128, 512, 64, absorb=absorb)
        assert more - (0 if absorb else 2 * 2 * 512 * 128) == per_pair


def test_ratio_by_parameters() -> None:
    assert round(1040 / 32.6) == 32
    assert round(100 * (1.04e12 / 671e9 - 1)) in (54, 55)


@pytest.mark.parametrize(("name", "record"), [("DeepSeek-V3", V3), ("Kimi K2", K2), ("LongCat-Flash", LONGCAT)])
def test_records_are_the_published_ones(name: str, record: Model) -> None:
    data = yaml.safe_load((Path(__file__).resolve().parents[2] / "docs/data/models.yaml").read_text("utf-8"))
    (published,) = [m for m in (data["models"] if isinstance(data, dict) else data) if m["name"] == name]
    for key in ("layers", "hidden", "heads", "ffn", "vocab", "mla"):
        assert published[key] == record[key], key
    for key in ("routed", "ffn"):  # LongCat's active experts vary: the file has the mean, the lab the places
        assert published["experts"][key] == record["experts"][key], key
