r"""Alpaca samples: check the three fields and render the prompt; an empty `input` takes the shorter template.

Source: tatsu-lab/stanford_alpaca, `train.py`.
"""

from __future__ import annotations

import json

# --8<-- [start:alpaca]
HEAD = "Below is an instruction that describes a task"
WITH_INPUT = (
    HEAD + ", paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:"
)
WITHOUT_INPUT = (
    HEAD + ". Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Response:"
)


def render(sample: dict[str, str]) -> str:
    """The prompt; the loss is on what follows it, `output` and the end token."""
    return (WITH_INPUT if sample.get("input", "") else WITHOUT_INPUT).format_map(sample)


def problems(text: str) -> list[str]:
    """What is wrong with one sample given as JSON text; an empty list if nothing is."""
    try:
        sample = json.loads(text)
    except json.JSONDecodeError as error:
        return [f"not JSON: {error.msg} (line {error.lineno})"]
    if not isinstance(sample, dict):
        return ["not an object"]
    found = [f"{key}: not a string" for key in ("instruction", "output") if not isinstance(sample.get(key), str)]
    if not isinstance(sample.get("input", ""), str):
        found.append("input: not a string")
    return found + [f"{key}: empty" for key in ("instruction", "output") if sample.get(key) == ""]


# --8<-- [end:alpaca]
