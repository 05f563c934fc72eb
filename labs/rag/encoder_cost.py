r"""FLOPs of a bi-encoder and of a cross-encoder: 2N a token for a Transformer with N parameters."""

from __future__ import annotations

from dataclasses import dataclass


# --8<-- [start:cost]
@dataclass(frozen=True)
class Work:
    """A collection and its queries, in tokens."""

    passages: int
    passage_tokens: int
    query_tokens: int
    parameters: float

    def bi_offline(self) -> float:
        """FLOPs once: every passage on its own."""
        return 2 * self.parameters * self.passages * self.passage_tokens

    def bi_query(self, dims: int) -> float:
        """FLOPs a query: encode it, then an exact scan of all vectors."""
        return 2 * self.parameters * self.query_tokens + 2 * dims * self.passages

    def cross_query(self, candidates: int) -> float:
        """FLOPs a query: each candidate is read together with the query."""
        return 2 * self.parameters * candidates * (self.query_tokens + self.passage_tokens)


# --8<-- [end:cost]
