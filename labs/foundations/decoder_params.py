r"""Every parameter of a decoder-only Transformer, and of BERT, term by term.

Sources: Kaplan et al. (arXiv:2001.08361), table 1, for the leading terms; the shapes are those of
the papers (GPT-2 table 2, GPT-3 table 2.1, LLaMA table 2) and of the configurations released with the weights.
"""

from __future__ import annotations

from dataclasses import dataclass


# --8<-- [start:decoder]
@dataclass(frozen=True)
class Decoder:
    """Shape of a decoder; the defaults are GPT-2's: biases, LayerNorm, GELU MLP of width 4h, tied output."""

    name: str
    layers: int
    h: int
    vocab: int
    positions: int = 0  # learned absolute positions; 0 with RoPE or ALiBi
    heads: int = 1
    kv_share: int = 1  # query heads per key/value head, 1 is multi-head attention
    ffn: int = 0  # inner width, 4h if 0
    gated: bool = False  # SwiGLU has three matrices
    bias: str = "all"  # "all", "qkv" or "none"
    rms: bool = False  # RMSNorm has no shift
    tied: bool = True

    def attention(self) -> int:
        """W_Q and W_O (h, h), W_K and W_V (h, h/kv_share), and their biases."""
        kv = self.h // self.kv_share
        weights = 2 * self.h**2 + 2 * self.h * kv
        qkv = self.h + 2 * kv
        return weights + {"all": qkv + self.h, "qkv": qkv, "none": 0}[self.bias]

    def mlp(self) -> int:
        """Two matrices (three if gated) between h and the inner width, and their biases."""
        inner = self.ffn or 4 * self.h
        weights = (3 if self.gated else 2) * self.h * inner
        return weights + (inner * (2 if self.gated else 1) + self.h if self.bias == "all" else 0)

    def norm(self) -> int:
        """Scale, and shift unless RMSNorm."""
        return self.h if self.rms else 2 * self.h

    def parts(self) -> dict[str, int]:
        """Parameters by part; the sum is the model."""
        return {
            "token embedding": self.vocab * self.h,
            "positions": self.positions * self.h,
            "attention": self.layers * self.attention(),
            "mlp": self.layers * self.mlp(),
            "norms": (2 * self.layers + 1) * self.norm(),  # two a block and one at the end
            "output": 0 if self.tied else self.vocab * self.h,
        }

    def total(self) -> int:
        """All parameters."""
        return sum(self.parts().values())

    def estimate(self) -> int:
        """12·L·h², the rule of thumb."""
        return 12 * self.layers * self.h**2


# --8<-- [end:decoder]


def llama(name: str, layers: int, h: int, heads: int, ffn: int, vocab: int = 32_000, kv_share: int = 1) -> Decoder:
    """The LLaMA family: no biases, RMSNorm, SwiGLU, RoPE, output not tied."""
    return Decoder(name, layers, h, vocab, 0, heads, kv_share, ffn, True, "none", True, False)


# --8<-- [start:models]
GPT2 = Decoder("GPT-2", 12, 768, 50_257, 1024, heads=12)
GPT2_MEDIUM = Decoder("GPT-2 medium", 24, 1024, 50_257, 1024, heads=16)
GPT2_LARGE = Decoder("GPT-2 large", 36, 1280, 50_257, 1024, heads=20)
GPT2_XL = Decoder("GPT-2 XL", 48, 1600, 50_257, 1024, heads=25)
GPT3 = Decoder("GPT-3 175B", 96, 12_288, 50_257, 2048, heads=96)
LLAMA_7B = llama("LLaMA-7B", 32, 4096, 32, 11_008)
LLAMA_13B = llama("LLaMA-13B", 40, 5120, 40, 13_824)
LLAMA_65B = llama("LLaMA-65B", 80, 8192, 64, 22_016)
LLAMA2_70B = llama("LLaMA-2-70B", 80, 8192, 64, 28_672, kv_share=8)
LLAMA3_8B = llama("LLaMA-3-8B", 32, 4096, 32, 14_336, vocab=128_256, kv_share=4)
QWEN25_7B = Decoder("Qwen2.5-7B", 28, 3584, 152_064, 0, 28, 7, 18_944, True, "qkv", True, False)
# --8<-- [end:models]


# --8<-- [start:bert]
def bert(layers: int, h: int, vocab: int = 30_522) -> dict[str, int]:
    """BERT by part; the two heads serve pre-training only."""
    return {
        "embeddings": (vocab + 512 + 2) * h + 2 * h,  # token, position, segment; one LayerNorm
        "layers": layers * (12 * h**2 + 13 * h),
        "pooler": h**2 + h,  # a dense layer over [CLS]
        "mlm head": h**2 + h + 2 * h + vocab,  # dense, LayerNorm, output bias; its matrix is the embedding
        "nsp head": 2 * h + 2,
    }


def bert_encoder(layers: int, h: int, vocab: int = 30_522) -> int:
    """The model that is fine-tuned: everything but the two pre-training heads."""
    parts = bert(layers, h, vocab)
    return parts["embeddings"] + parts["layers"] + parts["pooler"]


# --8<-- [end:bert]
