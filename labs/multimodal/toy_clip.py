r"""A toy CLIP: two two-layer encoders learn one space for two modalities from pairs alone.

An "image" and a "text" are different noisy views of the same hidden z. Source of the objective: Radford et al.
(arXiv:2103.00020), figure 3.
"""

from __future__ import annotations

import numpy as np

from labs.multimodal.contrastive import Array, clip_loss, normalize

Params = list[Array]


class World:
    """Fixed random maps from a hidden z (k,) to an image (d_i,) and to a text (d_t,)."""

    def __init__(self, rng: np.random.Generator, hidden: int = 6, image: int = 40, text: int = 24) -> None:
        self.a = rng.standard_normal((hidden, image))  # (k, d_i)
        self.b = rng.standard_normal((hidden, text))  # (k, d_t)

    def pairs(self, n: int, rng: np.random.Generator, noise: float = 0.3) -> tuple[Array, Array]:
        """n pairs: images (n, d_i) and texts (n, d_t) of the same z."""
        z = rng.standard_normal((n, len(self.a)))  # (n, k)
        image = np.tanh(z @ self.a) + noise * rng.standard_normal((n, self.a.shape[1]))  # (n, d_i)
        text = np.tanh(z @ self.b) + noise * rng.standard_normal((n, self.b.shape[1]))  # (n, d_t)
        return image, text


def init(inputs: int, hidden: int, out: int, rng: np.random.Generator) -> Params:
    """Weights of a two-layer encoder."""
    return [
        rng.standard_normal((inputs, hidden)) / np.sqrt(inputs),
        rng.standard_normal((hidden, out)) / np.sqrt(hidden),
    ]


# --8<-- [start:encoder]
def encode(p: Params, inputs: Array) -> tuple[Array, Array, Array]:
    """`inputs` (n, d) → unit vectors (n, D), with the hidden layer and the raw output for the way back."""
    hidden = np.tanh(inputs @ p[0])  # (n, h)
    raw = hidden @ p[1]  # (n, D)
    return normalize(raw), hidden, raw


def encoder_grads(p: Params, inputs: Array, hidden: Array, raw: Array, unit: Array, d_unit: Array) -> Params:
    """Gradients of the two matrices from dL/dunit (n, D)."""
    tangent = d_unit - (d_unit * unit).sum(-1, keepdims=True) * unit  # (n, D): length does not matter
    d_raw = tangent / np.linalg.norm(raw, axis=-1, keepdims=True)  # (n, D)
    d_hidden = d_raw @ p[1].T * (1 - hidden**2)  # (n, h)
    return [inputs.T @ d_hidden, hidden.T @ d_raw]


# --8<-- [end:encoder]


# --8<-- [start:train]
def train(
    world: World, steps: int, batch: int, rng: np.random.Generator, width: int = 64, out: int = 16, rate: float = 1.0
) -> tuple[Params, Params, float]:
    """Gradient descent on the CLIP loss; returns both encoders and the learnt logit scale e^t'."""
    image, text = init(world.a.shape[1], width, out, rng), init(world.b.shape[1], width, out, rng)
    log_scale = float(np.log(1 / 0.07))
    for _ in range(steps):
        u, v = world.pairs(batch, rng)  # (n, d_i), (n, d_t)
        x, h_x, r_x = encode(image, u)
        y, h_y, r_y = encode(text, v)
        scale, cosine = np.exp(log_scale), x @ y.T  # (n, n)
        _, g = clip_loss(scale * cosine)
        for p, grads in (
            (image, encoder_grads(image, u, h_x, r_x, x, scale * g @ y)),
            (text, encoder_grads(text, v, h_y, r_y, y, scale * g.T @ x)),
        ):
            p[0] -= rate * grads[0]
            p[1] -= rate * grads[1]
        log_scale = min(log_scale - 0.1 * scale * float((g * cosine).sum()), float(np.log(100)))
    return image, text, float(np.exp(log_scale))


# --8<-- [end:train]


def recall_at_1(x: Array, y: Array) -> float:
    """How often the nearest text of an image (n, D) is its own."""
    return float(((x @ y.T).argmax(axis=1) == np.arange(len(x))).mean())
