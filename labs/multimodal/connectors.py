r"""What a vision-language connector costs: tokens handed to the LLM, parameters of its own, work in the LLM.

Sources of the sizes: LLaVA (arXiv:2304.08485) and LLaVA-1.5 (arXiv:2310.03744); BLIP-2 (arXiv:2301.12597) and LAVIS;
Qwen-VL (arXiv:2308.12966); xGen-MM (arXiv:2408.08872) and LAVIS; Flamingo (arXiv:2204.14198) and OpenFlamingo.
"""

from __future__ import annotations


def linear(inputs: int, outputs: int, bias: bool = True) -> int:
    """Parameters of a linear layer."""
    return inputs * outputs + (outputs if bias else 0)


# --8<-- [start:params]
def mlp(vision: int, llm: int, layers: int) -> int:
    """LLaVA (`layers` = 1) and LLaVA-1.5 (2): every patch feature is projected, none is merged."""
    return linear(vision, llm) + (layers - 1) * linear(llm, llm)


def q_former(vision: int, llm: int, queries: int = 32, d: int = 768, layers: int = 12, text: bool = False) -> int:
    """BLIP-2's Q-Former (BERT-base) with its projection; `text` adds what only the first stage needs."""
    norm = 2 * d
    attn = 4 * linear(d, d) + norm  # self-attention of a layer
    ffn = linear(d, 4 * d) + linear(4 * d, d) + norm
    cross = 2 * linear(d, d) + 2 * linear(vision, d) + norm  # in every other layer
    core = layers * (attn + ffn) + layers // 2 * cross + queries * d + norm
    if not text:
        return core + linear(d, llm)
    vocabulary, positions = 30_523, 512
    heads = 2 * linear(d, 256) + linear(d, 2) + linear(d, d) + norm + vocabulary  # ITC, ITM, ITG (tied embedding)
    return core + layers * ffn + (vocabulary + positions) * d + heads  # the text branch has an FFN of its own


def cross_attention_adapter(vision: int, llm: int, queries: int) -> int:
    """Qwen-VL: one cross-attention layer with learned queries (input LayerNorms counted)."""
    return linear(vision, llm, bias=False) + 4 * linear(llm, llm) + queries * llm + 2 * 2 * llm


def perceiver_resampler(vision: int, llm: int, queries: int, layers: int = 6, inner: int = 1536) -> int:
    """xGen-MM: `layers` blocks of cross-attention and FFN at the vision width, then a projection."""
    attn = 4 * vision * inner + 2 * 2 * vision
    ffn = 8 * vision * vision + 2 * vision
    return layers * (attn + ffn) + queries * vision + 2 * vision + linear(vision, llm)


def gated_cross_attention(vision: int, llm: int, blocks: int, inner: int = 512) -> int:
    """Flamingo's other half, OpenFlamingo's sizes: blocks inserted between LLM layers; no image token in the text."""
    attn = 2 * llm * inner + 2 * vision * inner + 2 * llm + 1
    ffn = 8 * llm * llm + 2 * llm + 1
    return blocks * (attn + ffn)


# --8<-- [end:params]


# --8<-- [start:cost]
def patches(image: int, patch: int) -> int:
    """Patch features of a square image."""
    return (image // patch) ** 2


def prefill_flops(tokens: int, llm_parameters: float) -> float:
    """About 2 FLOPs per token and parameter (attention over the sequence comes on top)."""
    return 2.0 * tokens * llm_parameters


def cache_bytes(tokens: int, layers: int = 32, n_kv: int = 32, head_dim: int = 128, bytes_each: int = 2) -> int:
    """KV cache of the image; the default is LLaMA-2-7B, which Vicuna-7B shares."""
    return 2 * layers * n_kv * head_dim * bytes_each * tokens


# --8<-- [end:cost]
