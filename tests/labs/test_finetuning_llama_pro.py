"""Block expansion against PyTorch, and the numbers of docs/finetuning/regularized-finetuning.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labs.finetuning.llama_pro import Array, Block, block, block_parameters, expand, random_block

D, F = 6, 10


def stack(x: Array, blocks: list[Block]) -> Array:
    """All blocks, one after the other."""
    for w in blocks:
        x = block(x, w)
    return x


def torch_block(torch: Any, x: Any, w: Any) -> Any:
    """The same block in PyTorch."""
    f = torch.nn.functional
    h = f.rms_norm(x, (D,), w["norm_1"], 1e-6)
    q, k, v = (h @ w[n] for n in ("w_q", "w_k", "w_v"))
    x = x + f.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0] @ w["w_o"]
    h = f.rms_norm(x, (D,), w["norm_2"], 1e-6)
    return x + (f.silu(h @ w["w_gate"]) * (h @ w["w_up"])) @ w["w_down"]


def tensors(torch: Any, w: Block) -> Any:
    """Weights that record gradients."""
    return {name: torch.from_numpy(m.copy()).requires_grad_() for name, m in w.items()}


def test_identity_at_the_start() -> None:
    rng = np.random.default_rng(0)
    x, blocks = rng.standard_normal((5, D)), [random_block(rng, D, F) for _ in range(4)]
    grown, trained = expand(blocks, 2)
    assert trained == [False, False, True, False, False, True]
    np.testing.assert_array_equal(stack(x, grown), stack(x, blocks))  # bit for bit: only zeros were added


def test_plain_copies_are_not_the_identity() -> None:
    rng = np.random.default_rng(1)
    x, blocks = rng.standard_normal((5, D)), [random_block(rng, D, F) for _ in range(2)]
    assert np.abs(stack(x, [blocks[0], blocks[1], blocks[1]]) - stack(x, blocks)).max() > 0.1


def test_block_equals_torch_and_gradients_start_at_the_two_zero_matrices() -> None:
    """Page: at the first step only W_O and W_down of a new block move; at the second, all."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(2)
    x, old = rng.standard_normal((5, D)), random_block(rng, D, F)
    np.testing.assert_allclose(
        block(x, old), torch_block(torch, torch.from_numpy(x), tensors(torch, old)).detach().numpy(), atol=1e-12
    )
    new, target = tensors(torch, expand([old], 1)[0][1]), torch.from_numpy(rng.standard_normal((5, D)))
    for step in range(2):
        loss = ((torch_block(torch, torch.from_numpy(x), new) - target) ** 2).mean()
        loss.backward()
        moving = {name for name, w in new.items() if w.grad.abs().max() > 0}
        assert moving == ({"w_o", "w_down"} if step == 0 else set(new))
        with torch.no_grad():
            for w in new.values():
                w -= 0.1 * w.grad
                w.grad = None


def test_zero_gains_stop_the_ffn() -> None:
    """Page: zeroing the RMSNorm gains is the identity too, but the FFN half gets no gradient at all."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal((5, D)), random_block(rng, D, F)
    w["norm_1"], w["norm_2"] = np.zeros(D), np.zeros(D)
    np.testing.assert_array_equal(block(x, w), x)
    new, target = tensors(torch, w), torch.from_numpy(rng.standard_normal((5, D)))
    ((torch_block(torch, torch.from_numpy(x), new) - target) ** 2).mean().backward()
    moving = {name for name, p in new.items() if p.grad.abs().max() > 0}
    assert moving == {"norm_1"}  # the attention half can start, through the values; the FFN half never does


def test_parameters_of_llama_pro() -> None:
    """Page: eight blocks of LLaMA-2-7B are 1.62 billion parameters; with the 6.74 of the base, 8.36."""
    assert block_parameters(4096, 11008) == 202_383_360
    base = 32 * block_parameters(4096, 11008) + 2 * 32_000 * 4096 + 4096
    assert round(base / 1e9, 2) == 6.74
    assert round(8 * block_parameters(4096, 11008) / 1e9, 2) == 1.62
    assert round(1024 * 4096 * 15_900 / 1e9, 1) == 66.7  # tokens: batch, length, steps of section 4.1
    assert round((base + 8 * block_parameters(4096, 11008)) / 1e9, 2) == 8.36
