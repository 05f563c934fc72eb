r"""Trained parameters and inference cost of every PEFT method on one real decoder; the biases of BERT.

The configuration is LLaMA-2-7B: 32 layers, hidden 4096, SwiGLU of inner width 11 008, 32 K/V heads of 128, no biases.
Sources are named on the page; the sizes chosen are those of the methods' papers or of common practice.
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.foundations.decoder_params import LLAMA_7B, Decoder

MODEL: Decoder = LLAMA_7B
LAYERS, H, FFN = MODEL.layers, MODEL.h, MODEL.ffn
TOTAL = MODEL.total()


def linear_layers(model: Decoder) -> dict[str, tuple[int, int]]:
    """(d, k) of each linear layer of a block; no gate where the FFN has none."""
    h, kv, inner = model.h, model.h // model.kv_share, model.ffn or 4 * model.h
    gate = {"gate": (inner, h)} if model.gated else {}
    return {"q": (h, h), "k": (kv, h), "v": (kv, h), "o": (h, h), **gate, "up": (inner, h), "down": (h, inner)}


LINEAR = linear_layers(MODEL)
ATTENTION = ("q", "k", "v", "o")
ALL_LINEAR = tuple(LINEAR)


# --8<-- [start:methods]
def lora(r: int, targets: tuple[str, ...], model: Decoder = MODEL) -> int:
    """r(d + k) for every adapted matrix of every block, where the model has one."""
    return model.layers * sum(r * sum(shape) for name, shape in linear_layers(model).items() if name in targets)


def adalora(r: int, targets: tuple[str, ...]) -> int:
    """LoRA's two factors and r singular values."""
    return lora(r, targets) + LAYERS * r * len(targets)


def adapter(m: int, per_block: int = 2) -> int:
    """Two matrices with biases, h → m → h: 2mh + h + m, twice a block (Houlsby) or once (FFN only)."""
    return LAYERS * per_block * (2 * m * H + H + m)


def prompt(k: int) -> int:
    """k vectors beside the token embeddings."""
    return k * H


def prefix(length: int) -> int:
    """`length` keys and values in every layer."""
    return LAYERS * 2 * length * H


def prefix_mlp(length: int, mid: int = 512) -> int:
    """Training only: embedding (length, h) → mid → 2·L·h, the reparameterisation thrown away afterwards."""
    return length * H + (H * mid + mid) + (mid * 2 * LAYERS * H + 2 * LAYERS * H)


def p_tuning_encoder(h: int) -> int:
    """Training only: two bidirectional LSTM layers of h/2 a direction, then h → ReLU → h."""
    half = h // 2
    direction = 4 * half * (h + half) + 8 * half  # four gates, and PyTorch's two biases
    return 2 * 2 * direction + 2 * (h * h + h)


def bitfit(biases: int) -> int:
    """All biases there are."""
    return biases


# --8<-- [end:methods]


# --8<-- [start:table]
@dataclass(frozen=True)
class Row:
    """One line of the table: parameters kept after training, and what a forward pass of a token pays for them."""

    name: str
    kept: int
    merged: bool = False
    positions: int = 0
    """Extra entries of the KV cache a sequence."""

    def share(self) -> float:
        """Per cent of the model's parameters."""
        return 100 * self.kept / TOTAL

    def flops(self) -> int:
        """Extra FLOPs a token in matrices (2 a parameter), without the attention over extra positions."""
        return 0 if self.merged or self.positions else 2 * self.kept

    def cache_bytes(self) -> int:
        """Extra KV cache of one sequence in 16 bit."""
        return self.positions * 2 * LAYERS * H * 2


def table() -> list[Row]:
    """Every method at a usual size."""
    return [
        Row("Adapter m=64", adapter(64)),
        Row("Prompt k=100", prompt(100), positions=100),
        Row("Prefix l=30", prefix(30), positions=30),
        Row("BitFit", bitfit(0)),
        Row("LoRA r=8 q,v", lora(8, ("q", "v")), merged=True),
        Row("LoRA r=8 attention", lora(8, ATTENTION), merged=True),
        Row("LoRA r=8 all linear", lora(8, ALL_LINEAR), merged=True),
        Row("LoRA r=64 all linear", lora(64, ALL_LINEAR), merged=True),
        Row("AdaLoRA r=12 all linear", adalora(12, ALL_LINEAR), merged=True),
    ]


# --8<-- [end:table]


# --8<-- [start:bert]
def bert_biases(layers: int, h: int) -> int:
    """Biases of the BERT encoder, the β of LayerNorm included: 11h a layer, the embedding's LayerNorm, the pooler."""
    attention, mlp, norms = 4 * h, 4 * h + h, 2 * h
    return layers * (attention + mlp + norms) + h + h


def bert_query_and_inner(layers: int, h: int) -> int:
    """The subset that the BitFit paper singles out: the query's bias (h) and the first bias of the MLP (4h)."""
    return layers * (h + 4 * h)


# --8<-- [end:bert]
