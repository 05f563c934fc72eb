r"""Learned queries that read an image: the cross-attention of the Perceiver Resampler and of the Q-Former.

Sources: Alayrac et al., *Flamingo* (arXiv:2204.14198), section 2.1 and figure 5; Li et al., *BLIP-2*
(arXiv:2301.12597), section 3.1 and figure 2. One head, no LayerNorm: neither changes the shapes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import Array, attention

Mask = npt.NDArray[np.bool_]


# --8<-- [start:resampler]
def resample(queries: Array, image: Array, layers: list[dict[str, Array]]) -> Array:
    """R `queries` (R, d) read N image features (N, d) in every layer: (R, d) whatever N is.

    As in Flamingo, keys and values also contain the queries themselves, so one attention does both jobs.
    """
    x = queries  # (R, d)
    for p in layers:
        source = np.concatenate([image, x])  # (N+R, d)
        x = x + attention(x @ p["q"], source @ p["k"], source @ p["v"]) @ p["o"]  # (R, d)
        x = x + np.maximum(x @ p["up"], 0) @ p["down"]  # (R, d)
    return x


# --8<-- [end:resampler]


# --8<-- [start:qformer]
def q_former_layer(x: Array, image: Array, n_query: int, mask: Mask, p: dict[str, Array], cross: bool) -> Array:
    """One layer over `x` (R+T, d): R queries, then T text tokens. Self-attention is shared, the rest is not.

    Only the queries see the image, and only in layers with `cross` (every other one in BLIP-2).
    """
    x = x + attention(x @ p["q"], x @ p["k"], x @ p["v"], mask) @ p["o"]  # (R+T, d): the same weights for both
    queries, text = x[:n_query], x[n_query:]  # (R, d), (T, d)
    if cross:
        seen = attention(queries @ p["cq"], image @ p["ck"], image @ p["cv"])  # (R, d): keys from the frozen ViT
        queries = queries + seen @ p["co"]
    queries = queries + np.maximum(queries @ p["up"], 0) @ p["down"]  # (R, d): the queries' own FFN
    text = text + np.maximum(text @ p["t_up"], 0) @ p["t_down"]  # (T, d): the text's
    return np.concatenate([queries, text])  # (R+T, d)


# --8<-- [end:qformer]


# --8<-- [start:masks]
def q_former_mask(n_query: int, n_text: int, objective: str) -> Mask:
    """Who may look at whom, (R+T, R+T), True = visible; rows look at columns, queries first."""
    size = n_query + n_text
    mask = np.zeros((size, size), dtype=np.bool_)  # (R+T, R+T)
    mask[:n_query, :n_query] = True
    mask[n_query:, n_query:] = True
    if objective == "ITM":  # one joint reading of both
        mask[:] = True
    elif objective == "ITG":  # text is generated from the queries: causal, and the queries must not peek
        mask[n_query:, :n_query] = True
        mask[n_query:, n_query:] = np.tri(n_text, dtype=np.bool_)
    return mask  # ITC: two separate readings


# --8<-- [end:masks]
