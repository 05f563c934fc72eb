"""What the tape keeps is what PyTorch's autograd keeps, and the numbers of docs/distributed/distributed-goal.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.saved_tensors import Tape, mlp_bytes


def test_same_as_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, w1, w2 = rng.standard_normal((5, 4)), rng.standard_normal((4, 16)), rng.standard_normal((16, 4))

    tape = Tape()
    hidden = tape.linear(tape.gelu(tape.linear(x, w1)), w2)  # (5, 4)
    out = tape.softmax(tape.relu(tape.add(hidden, x)))  # (5, 4)

    kept: list[int] = []
    weights = [torch.tensor(w, requires_grad=True) for w in (w1, w2)]
    own = {w.data_ptr() for w in weights}

    def pack(t: object) -> object:
        if t.data_ptr() not in own:  # type: ignore[attr-defined]
            kept.append(t.numel())  # type: ignore[attr-defined]
        return t

    tx = torch.tensor(x, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        h = torch.nn.functional.gelu(tx @ weights[0], approximate="tanh") @ weights[1]
        want = torch.softmax(torch.relu(h + tx), dim=-1)
    np.testing.assert_allclose(out, want.detach().numpy(), atol=1e-12)
    assert sorted(kept) == sorted(a.size for _, a in tape.saved)
    assert tape.numbers() == sum(kept) == 5 * (4 + 16 + 16 + 4 + 4)


def test_page_numbers() -> None:
    """Page: 19·s·b·h of the 34·s·b·h of a layer; 4096 tokens of width 4096 make 319 MB."""
    assert mlp_bytes(1, 1, 1) == 19
    assert mlp_bytes(4096, 1, 4096) / 1e6 == pytest.approx(319, abs=0.5)
