r"""QK-Clip: after an optimizer step, shrink the query and key weights of those heads whose largest logit exceeds τ.

Source: Kimi Team, *Kimi K2* (arXiv:2507.20534), section 2.1 and algorithm 1. Per head h: queries of content q^C and of
position q^R, keys k^C of the head and one rotary key k^R that all heads share; the logit is their dot product over √d.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:clip]
def factors(max_logits: Array, tau: float = 100.0) -> Array:
    """γ (h,) from each head's largest logit (h,): 1 where nothing is to be done."""
    return np.minimum(1.0, tau / max_logits)


def clip_mha(w_q: Array, w_k: Array, gamma: Array) -> tuple[Array, Array]:
    """`w_q`, `w_k` (h, d, d_h): √γ on either side, so the logits of head h shrink by γ_h exactly."""
    root = np.sqrt(gamma)[:, None, None]  # (h, 1, 1)
    return w_q * root, w_k * root


def clip_mla(w_qc: Array, w_kc: Array, w_qr: Array, w_kr: Array, gamma: Array) -> tuple[Array, Array, Array, Array]:
    """`w_qc`, `w_kc`, `w_qr` (h, d, ·); `w_kr` (d, d_r) is shared, so its factor goes to the query side whole."""
    root = np.sqrt(gamma)[:, None, None]  # (h, 1, 1)
    return w_qc * root, w_kc * root, w_qr * gamma[:, None, None], w_kr


# --8<-- [end:clip]


def mha_logits(x: Array, w_q: Array, w_k: Array) -> Array:
    """Logits (h, n, n) of `x` (n, d)."""
    q, k = x @ w_q, x @ w_k  # (h, n, d_h)
    logits: Array = q @ k.transpose(0, 2, 1) / np.sqrt(w_q.shape[-1])
    return logits


def mla_logits(x: Array, w_qc: Array, w_kc: Array, w_qr: Array, w_kr: Array) -> Array:
    """Logits (h, n, n): content parts per head plus positional parts against the shared key."""
    content = (x @ w_qc) @ (x @ w_kc).transpose(0, 2, 1)  # (h, n, n)
    position = (x @ w_qr) @ (x @ w_kr).T  # (h, n, n)
    logits: Array = (content + position) / np.sqrt(w_qc.shape[-1] + w_qr.shape[-1])
    return logits


def growing_heads(clip: bool, steps: int = 60, tau: float = 100.0, seed: int = 0) -> Array:
    """Largest logit (steps, h) of four heads whose weights grow by 0 to 6 % a step, measured after each clip."""
    rng = np.random.default_rng(seed)
    x, w_q, w_k = (rng.standard_normal(s) for s in [(16, 32), (4, 32, 8), (4, 32, 8)])
    w_q, w_k = w_q / 3, w_k / 3
    growth = np.array([1.0, 1.005, 1.03, 1.06])[:, None, None]  # (h, 1, 1)
    history = []
    for _ in range(steps):
        w_q, w_k = w_q * growth, w_k * growth  # stands for the optimizer's step
        largest = np.abs(mha_logits(x, w_q, w_k)).max(axis=(1, 2))  # (h,)
        if clip:
            w_q, w_k = clip_mha(w_q, w_k, factors(largest, tau))
        history.append(np.abs(mha_logits(x, w_q, w_k)).max(axis=(1, 2)))
    return np.stack(history)
