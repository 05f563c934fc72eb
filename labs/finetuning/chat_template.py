r"""ChatML: from messages to text, to tokens, to labels that score the assistant only.

Source: Qwen Technical Report (arXiv:2309.16609), section 3.1 and appendix A.1.1. Special tokens are one token each; the
rest is split into characters, which stands in for a real tokenizer.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Message = dict[str, str]
START, END, IGNORE = "<|im_start|>", "<|im_end|>", -100


# --8<-- [start:template]
def render(messages: list[Message], generation: bool = False) -> str:
    """The text of a conversation; `generation` adds the header after which the model is to answer."""
    text = "".join(f"{START}{m['role']}\n{m['content']}{END}\n" for m in messages)
    return text + f"{START}assistant\n" if generation else text


def tokenize(text: str) -> list[str]:
    """Special tokens whole, everything else by character."""
    return re.findall(f"{re.escape(START)}|{re.escape(END)}|.", text, re.DOTALL)


def encode(messages: list[Message]) -> tuple[list[str], list[bool]]:
    """Tokens, and which of them are scored: what the assistant has to produce, its <|im_end|> included."""
    tokens: list[str] = []
    scored: list[bool] = []
    for m in messages:
        header = tokenize(f"{START}{m['role']}\n")  # given to the model at inference: never scored
        body = tokenize(m["content"] + END)
        tokens += [*header, *body, "\n"]
        scored += [False] * len(header) + [m["role"] == "assistant"] * len(body) + [False]
    return tokens, scored


# --8<-- [end:template]


# --8<-- [start:labels]
def shifted_labels(ids: list[int], scored: list[bool]) -> list[int]:
    """Label of position t is token t + 1, or -100 where that token is not scored; one shorter than `ids`."""
    return [i if s else IGNORE for i, s in zip(ids[1:], scored[1:], strict=True)]


def masked_loss(logits: Array, labels: list[int]) -> float:
    """Mean cross-entropy of `logits` (n, V) over the labels (n,) that are not -100."""
    log_p = logits - logits.max(1, keepdims=True)  # (n, V)
    log_p -= np.log(np.exp(log_p).sum(1, keepdims=True))
    kept = np.flatnonzero(np.array(labels) != IGNORE)  # (scored,)
    return float(-log_p[kept, np.array(labels)[kept]].mean())


# --8<-- [end:labels]

EXAMPLE: list[Message] = [
    {"role": "system", "content": "你是一个助手。"},
    {"role": "user", "content": "一加一等于几？"},
    {"role": "assistant", "content": "等于二。"},
    {"role": "user", "content": "再加一呢？"},
    {"role": "assistant", "content": "等于三。"},
]
