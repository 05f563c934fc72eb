r"""What encoder-decoder and decoder-only cost, and what prefill and one step of decoding cost.

Source: Raffel et al. (arXiv:1910.10683), section 3.2.2; Wang et al. (arXiv:2204.05832), section 2.1.
"""

from __future__ import annotations


# --8<-- [start:cost]
def layer_parameters(d: int, cross: bool = False) -> int:
    """4d² per attention and 8d² for the FFN, without biases and norms."""
    return (8 if cross else 4) * d * d + 8 * d * d


def decoder_only(layers: int, d: int, source: int, target: int) -> tuple[int, int]:
    """(parameters, matrix FLOPs) of L layers over the concatenation of both texts; attention scores left out."""
    parameters = layers * layer_parameters(d)
    return parameters, 2 * parameters * (source + target)


def encoder_decoder(layers: int, d: int, source: int, target: int) -> tuple[int, int]:
    """(parameters, matrix FLOPs) of L + L layers: the encoder reads the source only, the decoder the target only.

    In cross-attention W^K and W^V (2d²) work on the source, W^Q and W^O (2d²) on the target.
    """
    encoder, decoder = layers * layer_parameters(d), layers * layer_parameters(d, cross=True)
    on_source = encoder + layers * 2 * d * d
    on_target = decoder - layers * 2 * d * d
    return encoder + decoder, 2 * (on_source * source + on_target * target)


# --8<-- [end:cost]


# --8<-- [start:phases]
def score_pairs(prompt: int, new: int) -> tuple[int, list[int]]:
    """Visible query-key pairs per head and layer: of the prefill (all at once), and of each decoding step."""
    return prompt * (prompt + 1) // 2, [prompt + i + 1 for i in range(new)]


# --8<-- [end:phases]
