"""Training memory, accumulation and recompute, and the numbers of docs/numerics/training-memory.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.foundations.decoder_flops import forward, forward_total, training
from labs.foundations.decoder_params import Decoder
from labs.numerics.accumulation import accumulate, batch
from labs.numerics.recompute import gradients
from labs.numerics.training_memory import (
    FP32_ADAM,
    FP32_MOMENTUM,
    FP32_SGD,
    FROZEN,
    MIXED_ADAM,
    MIXED_ADAM_8BIT,
    MIXED_ADAM_FP32_GRAD,
    activation_bytes,
    rlhf_bytes,
    selective_extra,
    state_parts,
)

LLAMA = 6_738_415_616


def test_bytes_per_parameter() -> None:
    """Page: the table of states."""
    kinds = (MIXED_ADAM, FP32_ADAM, FP32_MOMENTUM, FP32_SGD, MIXED_ADAM_8BIT, FROZEN)
    assert [k.per_param() for k in kinds] == [16, 16, 12, 8, 10, 2]
    assert MIXED_ADAM.per_param() * 7e9 == 112e9
    assert FROZEN.per_param() * 7e9 == 14e9
    assert round(MIXED_ADAM.per_param() * LLAMA / 1e9, 1) == 107.8
    assert FP32_ADAM.per_param() / 4 == 4
    assert MIXED_ADAM_8BIT.per_param() * 7 == 70  # the figure
    assert MIXED_ADAM.zero(3, 8) * 7 == 14
    assert MIXED_ADAM_FP32_GRAD.per_param() == 18
    assert MIXED_ADAM.per_param() / 2 == 8


def test_zero_stages() -> None:
    """Page: 7.5B parameters on 64 cards, as in figure 1 of the ZeRO paper."""
    got = [MIXED_ADAM.zero(stage, 64) * 7.5 for stage in range(4)]
    assert [round(x, 1) for x in got] == [120.0, 31.4, 16.6, 1.9]


def test_parts_add_up_to_the_states() -> None:
    """By part as in total, for each stage; with frozen weights ZeRO-1 and -2 leave them whole, ZeRO-3 does not."""
    for states in (MIXED_ADAM, MIXED_ADAM_8BIT, FP32_MOMENTUM):
        for stage in range(4):
            parts = state_parts(7e9, 0, states, stage, 8)
            assert sum(parts.values()) == pytest.approx(7e9 * states.zero(stage, 8), rel=1e-15)
    lora = [sum(state_parts(2e7, 14e9, MIXED_ADAM, stage, 8).values()) for stage in range(4)]
    assert lora == [14e9 + 16 * 2e7, 14e9 + 5.5 * 2e7, 14e9 + 3.75 * 2e7, 14e9 / 8 + 2 * 2e7]


def test_activations() -> None:
    """Page: h = 4096, 32 heads, 32 layers, one sequence of 4096 tokens; and GPT-3's shares."""
    sizes = [activation_bytes(4096, 1, 4096, 32, 32, k) / 1e9 for k in ("all", "selective", "inputs")]
    assert [round(x, 1) for x in sizes] == [104.2, 18.3, 1.1]
    assert 5 * 32 * 4096 / 4096 == 160
    ratio = activation_bytes(2048, 1, 12288, 96, 1, "selective") / activation_bytes(2048, 1, 12288, 96, 1)
    assert round(1 - ratio, 2) == 0.70
    # twice the sequence: linear part doubles, quadratic part quadruples
    assert round(activation_bytes(8192, 1, 4096, 32, 32) / 1e9) == 380
    assert round(activation_bytes(8192, 1, 4096, 32, 32, "selective") / 1e9, 1) == 36.5
    assert [activation_bytes(4096, b, 4096, 32, 32) // activation_bytes(4096, 1, 4096, 32, 32) for b in (2, 8)] == [
        2,
        8,
    ]


def test_cost_of_recomputing() -> None:
    """Page: all of the blocks once more is a third; the attention core 0.9 % (GPT-3) and 0.6 % (MT-NLG)."""
    model = Decoder("LLaMA-7B", 32, 4096, 32_000, heads=32, ffn=11_008, gated=True)
    blocks = forward_total(model, 1, 2048) - forward(model, 1, 2048)["logits"]
    extra = training(model, 1, 2048, recompute=True) - training(model, 1, 2048)
    assert extra == blocks
    assert round(extra / (3 * blocks), 3) == 0.333
    assert [round(100 * selective_extra(2048, h), 1) for h in (12_288, 20_480)] == [0.9, 0.6]
    assert [round(100 * 2048 / (6 * h), 1) for h in (12_288, 20_480)] == [2.8, 1.7]


def test_rlhf() -> None:
    """Page: PPO 36 N, DPO 18 N; 7B models."""
    assert rlhf_bytes(7e9, 2, 2) == 252e9
    assert rlhf_bytes(7e9, 1, 1) == 126e9
    assert rlhf_bytes(7e9, 1, 0) == 112e9
    assert rlhf_bytes(1, 1, 1) / 2 == 9


def test_accumulation_is_the_large_batch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w = rng.standard_normal((6, 5))
    micro = [batch(rng, n) for n in (3, 11, 2, 8)]
    weight = torch.from_numpy(w).requires_grad_()
    x, y = (torch.from_numpy(np.concatenate(parts)) for parts in zip(*micro, strict=True))
    torch.nn.functional.cross_entropy(x @ weight, y).backward()
    np.testing.assert_allclose(accumulate(w, micro), weight.grad.numpy(), atol=1e-14)
    # what the page warns of: the mean of the means is another gradient, when micro-batches differ in length
    off = accumulate(w, micro, per_token=False)
    assert np.linalg.norm(off - weight.grad.numpy()) > 0.1 * np.linalg.norm(weight.grad.numpy())


def test_equal_micro_batches_need_no_token_weights() -> None:
    rng = np.random.default_rng(1)
    w = rng.standard_normal((6, 5))
    micro = [batch(rng, 4) for _ in range(3)]
    np.testing.assert_allclose(accumulate(w, micro, per_token=False), accumulate(w, micro), atol=1e-15)


def test_weight_of_a_token_in_two_answers() -> None:
    """Page: 10 and 90 tokens; the mean of the means gives a token of the short one 9 times the weight."""
    assert pytest.approx(9) == (1 / (2 * 10)) / (1 / (2 * 90))


@pytest.mark.parametrize("segment", [1, 3, 4, 12])
def test_recompute_gives_the_same_gradients(segment: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(2)
    x, weights = rng.standard_normal((5, 4)), [rng.standard_normal((4, 4)) / 2 for _ in range(12)]
    leaves = [torch.from_numpy(w).requires_grad_() for w in weights]
    out = torch.from_numpy(x)
    for leaf in leaves:
        out = torch.tanh(out @ leaf)
    out.sum().backward()
    for got, leaf in zip(gradients(x, weights, segment)[0], leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), atol=1e-12)


def test_peak_of_a_chain_of_100() -> None:
    """Page: 100 layers in segments of 10 hold 20 activations at once, in one segment 101; forwards double."""
    x, weights = np.ones((1, 1)), [np.ones((1, 1))] * 100
    peaks = {k: gradients(x, weights, k)[1].peak for k in (1, 5, 10, 20, 100)}
    assert peaks == {1: 101, 5: 25, 10: 20, 20: 25, 100: 101}
    assert gradients(x, weights, 10)[1].forwards == 200
