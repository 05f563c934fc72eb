r"""What to do with a character that the vocabulary lacks: give up ([UNK]), or fall back to its UTF-8 bytes.

Source: Touvron et al., *LLaMA* (arXiv:2302.13971), section 2.1; the byte tokens are named as in SentencePiece.
"""

from __future__ import annotations

from collections.abc import Iterable

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
"""The 256 tokens that a vocabulary with byte fallback always holds."""


# --8<-- [start:fallback]
def with_unk(text: str, vocab: set[str]) -> list[str]:
    """A character outside `vocab` becomes [UNK]: what it was is lost."""
    return [char if char in vocab else "[UNK]" for char in text]


def with_bytes(text: str, vocab: set[str]) -> list[str]:
    """A character outside `vocab` becomes the tokens of its UTF-8 bytes."""
    tokens: list[str] = []
    for char in text:
        tokens += [char] if char in vocab else [BYTES[byte] for byte in char.encode("utf-8")]
    return tokens


def decode(tokens: Iterable[str]) -> str:
    """Back to text: runs of byte tokens are decoded together; what is no UTF-8 becomes U+FFFD (�)."""
    values = {token: i for i, token in enumerate(BYTES)}
    raw = b"".join(bytes([values[t]]) if t in values else t.encode("utf-8") for t in tokens)
    return raw.decode("utf-8", errors="replace")


# --8<-- [end:fallback]
