"""Costs of architectures and of the two phases of generation: docs/transformer/why-decoder-only.md."""

from __future__ import annotations

import pytest

from labs.transformer.architecture_cost import decoder_only, encoder_decoder, layer_parameters, score_pairs


def test_twice_the_parameters_for_the_same_flops() -> None:
    """Page: L = 24, d = 1024, 512 source and 128 target tokens: 2.33 times the parameters, 1.17 times the FLOPs."""
    p1, f1 = decoder_only(24, 1024, 512, 128)
    p2, f2 = encoder_decoder(24, 1024, 512, 128)
    assert (p1, p2) == (301_989_888, 704_643_072)
    assert round(p2 / p1, 2) == 2.33
    assert round(f2 / f1, 2) == 1.17
    cross = 24 * 4 * 1024**2
    assert (p2 - cross) / p1 == 2  # without cross-attention exactly twice
    assert layer_parameters(1024) == 12 * 1024**2


def test_flops_count_each_weight_per_token_it_works_on() -> None:
    """A loop over tokens and weights as the oracle (weights per layer, in units of d²)."""
    d, layers, s, t = 8, 3, 5, 2
    units = {"source": 12 + 2, "target": 12 + 2}  # own layer, and half of the cross-attention each
    want = sum(2 * layers * units[side] * d * d for side, n in (("source", s), ("target", t)) for _ in range(n))
    assert encoder_decoder(layers, d, s, t)[1] == want


def test_prefill_is_quadratic_and_a_step_linear() -> None:
    """Page: 4096 tokens of prompt: 8 390 656 pairs at once, then 4097, 4098, …"""
    prefill, steps = score_pairs(4096, 3)
    assert prefill == 8_390_656 == sum(range(1, 4097))
    assert steps == [4097, 4098, 4099]
    assert score_pairs(8192, 1)[0] / prefill == pytest.approx(4, rel=1e-3)
    assert score_pairs(8192, 1)[1][0] / steps[0] == pytest.approx(2, rel=1e-3)


def test_positions_with_a_loss() -> None:
    """Page: 512 tokens give 512 losses to a causal model and about 77 to BERT (15 %)."""
    assert round(0.15 * 512) == 77
