"""ChatML against the Jinja template that the Qwen models carry, and the numbers of docs/finetuning/sft.md."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labs.finetuning.chat_template import EXAMPLE, encode, masked_loss, render, shifted_labels, tokenize

QWEN = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + "
    "'\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@pytest.mark.parametrize("generation", [False, True])
def test_equals_the_template_of_qwen(generation: bool) -> None:
    jinja2 = pytest.importorskip("jinja2", reason="comes with MkDocs")
    want = jinja2.Template(QWEN, keep_trailing_newline=True).render(messages=EXAMPLE, add_generation_prompt=generation)
    assert render(EXAMPLE, generation) == want


def test_scored_is_what_the_assistant_writes() -> None:
    """An oracle of another kind: a regular expression over the text."""
    tokens, scored = encode(EXAMPLE)
    assert "".join(tokens) == render(EXAMPLE)
    assert tokens == tokenize(render(EXAMPLE))
    got = "".join(t for t, s in zip(tokens, scored, strict=True) if s)
    assert got == "".join(re.findall(r"<\|im_start\|>assistant\n(.*?<\|im_end\|>)", render(EXAMPLE), re.DOTALL))
    assert got == "等于二。<|im_end|>等于三。<|im_end|>"


def test_prompt_is_a_prefix_of_the_training_text() -> None:
    """Page: what the model sees at inference is, byte for byte, what stood before the answer in training."""
    for k in (2, 4):
        assert render(EXAMPLE).startswith(render(EXAMPLE[:k], generation=True) + EXAMPLE[k]["content"])


def test_counts() -> None:
    """Page: 79 tokens, 10 of them scored."""
    tokens, scored = encode(EXAMPLE)
    assert (len(tokens), sum(scored)) == (79, 10)


def test_masked_loss_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    tokens, scored = encode(EXAMPLE)
    vocabulary = sorted(set(tokens))
    ids = [vocabulary.index(t) for t in tokens]
    labels = shifted_labels(ids, scored)
    logits = np.random.default_rng(0).standard_normal((len(labels), len(vocabulary)))
    z = torch.from_numpy(logits).requires_grad_()
    want = torch.nn.functional.cross_entropy(z, torch.tensor(labels))  # ignore_index is -100 by default
    assert masked_loss(logits, labels) == pytest.approx(want.item(), abs=1e-12)
    want.backward()
    touched = z.grad.abs().sum(1).numpy() > 0
    assert touched.tolist() == scored[1:]  # no gradient where the next token is not scored
    first = labels.index(next(i for i in labels if i != -100))
    assert tokens[first] == "\n"
    assert tokens[first + 1] == "等"  # the newline of the header predicts the first token
