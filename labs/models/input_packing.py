r"""RoBERTa's two input formats without NSP: fill 512 tokens across documents, or stop where a document ends.

Source: Liu et al., *RoBERTa* (arXiv:1907.11692), section 4.2.
"""

from __future__ import annotations

Document = list[list[int]]  # sentences of token ids

SEP = -1  # marks the border between documents


# --8<-- [start:pack]
def full_sentences(documents: list[Document], limit: int) -> list[list[int]]:
    """Whole sentences until the next one would not fit; may run on into the next document, behind a separator."""
    inputs: list[list[int]] = []
    current: list[int] = []
    for number, document in enumerate(documents):
        if number and current:
            current = [*current, SEP] if len(current) < limit else current
        for sentence in document:
            if current and len(current) + len(sentence) > limit:
                inputs, current = [*inputs, current], []
            current = current + sentence[:limit]
    return [*inputs, current] if current else inputs


def doc_sentences(documents: list[Document], limit: int) -> list[list[int]]:
    """The same within one document only: the last input of each is short."""
    return [piece for document in documents for piece in full_sentences([document], limit)]


def batch_sizes(inputs: list[list[int]], tokens: int) -> list[int]:
    """How many inputs it takes to reach about `tokens` tokens, batch after batch."""
    sizes: list[int] = []
    count = total = 0
    for piece in inputs:
        count, total = count + 1, total + len(piece)
        if total >= tokens:
            sizes, count, total = [*sizes, count], 0, 0
    return sizes


# --8<-- [end:pack]
