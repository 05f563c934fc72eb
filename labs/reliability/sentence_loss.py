r"""Training for facts: write the topic before every sentence, and take the loss on the second half of each only.

Source: Lee et al. (arXiv:2206.04624), section 5: TopicPrefix and the sentence-completion loss.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:train]
def topic_prefix(topic: str, sentences: Sequence[str]) -> list[str]:
    """A sentence that starts with "he" tells nothing about whom; with the topic in front it does."""
    return [f"{topic}：{sentence}" for sentence in sentences]


def completion_mask(lengths: Sequence[int], pivot: float = 0.5) -> Array:
    """1 where the loss counts (tokens,): in each sentence, the tokens from ⌊pivot · length⌋ on."""
    return np.concatenate([np.arange(n) >= int(pivot * n) for n in lengths]).astype(float)


def masked_loss(logp: Array, targets: Ints, mask: Array) -> float:
    """Mean −log p of the targets (tokens,) under logp (tokens, V), over the tokens that count."""
    nll = -logp[np.arange(len(targets)), targets]  # (tokens,)
    return float((nll * mask).sum() / mask.sum())


# --8<-- [end:train]
