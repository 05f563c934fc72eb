r"""T5: classification, regression, translation and questions as one function from text to text.

Source: Raffel et al., *T5* (arXiv:1910.10683), section 2.4 and appendix D.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LABELS = {"cola": ["unacceptable", "acceptable"], "mnli": ["entailment", "neutral", "contradiction"]}


# --8<-- [start:format]
def encode(task: str, fields: dict[str, str], label: float | int | str) -> tuple[str, str]:
    """Input and target text of one example: the task is named in front, the label is written out as a word."""
    if task == "translate":
        return f"translate English to German: {fields['source']}", str(label)
    body = " ".join(f"{name}: {text}" for name, text in fields.items())
    if task == "stsb":  # a number from 1 to 5, rounded to the nearest 0.2: 21 strings
        return f"stsb {body}", f"{round(float(label) * 5) / 5:.1f}"
    if task in LABELS:
        return f"{task} {body}", LABELS[task][int(label)]
    return body, str(label)  # SQuAD: "question: … context: …", the answer is text already


def decode(task: str, text: str) -> float | int | str | None:
    """Back from the words that the model wrote; None if they name no label, which counts as wrong."""
    if task == "stsb":
        try:
            value = float(text)
        except ValueError:
            return None
        return value if 1 <= value <= 5 else None
    if task in LABELS:
        return LABELS[task].index(text) if text in LABELS[task] else None
    return text


# --8<-- [end:format]


# --8<-- [start:scale]
def score_std(d: int, d_k: int, divide: bool, seed: int = 0, n: int = 64) -> float:
    """Standard deviation of q·k at the start; T5 does not divide by √d_k but draws W_Q smaller by that factor.

    T5's code: W_Q from N(0, 1/(d·d_k)), W_K from N(0, 1/d); `divide` is the usual scheme, both N(0, 1/d).
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))  # (n, d), normalised tokens
    w_q = rng.standard_normal((d, d_k)) * (d if divide else d * d_k) ** -0.5  # (d, d_k)
    w_k = rng.standard_normal((d, d_k)) * d**-0.5  # (d, d_k)
    scores = (x @ w_q) @ (x @ w_k).T  # (n, n)
    return float((scores / d_k**0.5 if divide else scores).std())


# --8<-- [end:scale]
