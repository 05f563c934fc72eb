r"""Generation metrics of RAGAS once a model has done the reading: claims are verdicts, questions are vectors.

Source: Es et al., *RAGAS* (arXiv:2309.15217), section 3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.rag.dense import unit

Array = npt.NDArray[np.float64]


# --8<-- [start:answer]
def faithfulness(supported: Sequence[bool]) -> float:
    """Share of the answer's claims that follow from the retrieved context; says nothing about their truth."""
    return sum(supported) / len(supported)


def answer_relevance(question: Array, regenerated: Array) -> float:
    """Mean cosine of the question (d,) and the questions (n, d) that a model wrote from the answer alone."""
    return float((unit(regenerated) @ unit(question)).mean())


# --8<-- [end:answer]
