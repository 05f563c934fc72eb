"""GPT-1 to GPT-4 against PyTorch, SciPy and brute force: docs/models/gpt-1.md, gpt-3.md, gpt-4.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from labs.foundations.decoder_params import GPT2, GPT2_XL, GPT3, Decoder
from labs.models import gpt1_inputs as gpt1
from labs.models.fill_in_the_middle import PRE, prompt, psm, restore, reused, split, spm, transform
from labs.models.loss_prediction import fit, predict, predict_all, runs
from labs.models.residual_scaling import logit_std, scaled, trunk_growth
from labs.pretraining.training_compute import six_nd
from labs.transformer.pre_post_ln import initial


def read(tokens: list[str]) -> np.ndarray:
    """A stand-in for the decoder: a state that depends on the tokens and their order."""
    rng = np.random.default_rng([sum(map(ord, t)) * (i + 1) for i, t in enumerate(tokens)])
    return rng.standard_normal(8)


def test_inputs_and_heads() -> None:
    """gpt-1.md: the four formats; similarity does not depend on the order, entailment does."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    a, b, w = ["a", "b"], ["c"], np.random.default_rng(0).standard_normal((8, 3))
    assert gpt1.classification(a) == [["<s>", "a", "b", "<e>"]]
    assert gpt1.entailment(a, b) == [["<s>", "a", "b", "$", "c", "<e>"]]
    there, back = gpt1.similarity(a, b), gpt1.similarity(b, a)
    np.testing.assert_allclose(
        gpt1.class_probabilities(read, there, w), gpt1.class_probabilities(read, back, w), atol=1e-12
    )
    one_way = [gpt1.class_probabilities(read, gpt1.entailment(*pair), w) for pair in ((a, b), (b, a))]
    assert np.abs(one_way[0] - one_way[1]).max() > 0.01
    sequences = gpt1.multiple_choice(a, [["x"], ["y"], ["z"]])
    assert len(sequences) == 3
    ours = gpt1.choice_probabilities(read, sequences, w[:, 0])
    logits = torch.tensor(np.array([read(s) @ w[:, 0] for s in sequences]))
    np.testing.assert_allclose(ours, torch.softmax(logits, 0).numpy(), atol=1e-12)
    token_logits = torch.tensor(np.random.default_rng(1).standard_normal((6, 20)))
    targets = torch.tensor([3, 1, 4, 1, 5, 9])
    log_p = torch.log_softmax(token_logits, 1)[torch.arange(6), targets].numpy()
    want = torch.nn.functional.cross_entropy(logits[None], torch.tensor([1]))
    want = want + 0.5 * torch.nn.functional.cross_entropy(token_logits, targets, reduction="sum")
    assert abs(gpt1.fine_tuning_loss(float(ours[1]), log_p) - float(want)) < 1e-10


def test_gpt1_size() -> None:
    """gpt-1.md: 12 layers of 768 with 40 478 tokens and 512 positions, no final LayerNorm: 116.5M, paper 117M."""
    first = Decoder("GPT-1", 12, 768, 40_478, 512, heads=12)
    count = first.total() - first.norm()  # Post-LN has no norm at the end
    assert count == 116_534_784
    assert round(GPT2_XL.total() / count, 1) == 13.4
    assert round(GPT2.total() / 1e6) == 124


def test_trunk_grows_with_depth_unless_scaled() -> None:
    """gpt-1.md: mean square of the trunk at 6, 12, 24, 48 blocks, 4 seeds; logits without the last norm."""
    grown = {
        s: [np.mean([trunk_growth(n, s, seed)[-1] for seed in range(4)]) for n in (6, 12, 24, 48)]
        for s in (False, True)
    }
    assert [round(float(v)) for v in grown[False]] == [6, 13, 26, 62]
    assert [f"{v:.1f}" for v in grown[True]] == ["1.3", "1.4", "1.3", "1.4"]
    assert [f"{logit_std(n, False):.1f}" for n in (6, 12, 24, 48)] == ["2.2", "3.6", "4.9", "7.5"]
    assert [f"{logit_std(n, True):.1f}" for n in (6, 12, 24, 48)] == ["1.0", "1.0", "1.0", "1.0"]
    weights = initial(np.random.default_rng(0), "pre", 3, 8)
    for before, after in zip(weights, scaled(weights), strict=True):
        np.testing.assert_allclose(after[-1] * 6**0.5, before[-1], atol=1e-12)
        np.testing.assert_array_equal(after[0], before[0])


SIZES = {  # table 2.1 of the GPT-3 paper: billions of parameters, layers, width, heads, head width
    "Small": (0.125, 12, 768, 12, 64),
    "XL": (1.3, 24, 2048, 24, 128),
    "6.7B": (6.7, 32, 4096, 32, 128),
    "13B": (13.0, 40, 5140, 40, 128),
    "175B": (175.0, 96, 12_288, 96, 128),
}


def test_gpt3_table() -> None:
    """gpt-3.md: 12Lh² and the full count by size; heads times head width is not the width for XL and 13B."""
    rough = [f"{12 * n * h**2 / 1e9:.3g}" for _, n, h, _, _ in SIZES.values()]
    assert rough == ["0.0849", "1.21", "6.44", "12.7", "174"]
    exact = [f"{Decoder(k, n, h, 50_257, 2048).total() / 1e9:.4g}" for k, (_, n, h, _, _) in SIZES.items()]
    assert exact == ["0.1252", "1.316", "6.658", "12.95", "174.6"]
    assert [k for k, (_, _, h, n, d) in SIZES.items() if n * d != h] == ["XL", "13B"]
    assert (24 * 128, 40 * 128) == (3072, 5120)
    assert GPT3.h == 96 * 128
    assert f"{six_nd(175e9, 300e9):.2e}" == "3.15e+23"
    assert f"{2 * 96 * 12_288 * 2 * 2048 / 1e9:.2f}" == "9.66"  # KV cache of one full context, 16 bit


def test_fim_is_a_permutation() -> None:
    """gpt-3.md: nothing is lost, and with SPM more typed prefix keeps the cached suffix."""
    rng = np.random.default_rng(0)
    text = "def add(a, b):\n    return a + b\n"
    for _ in range(200):
        pieces = split(text, rng)
        assert "".join(pieces) == text
        assert restore(psm(*pieces)) == restore(spm(*pieces)) == text
        assert restore(transform(text, 0.5, rng)) == text
    share = np.mean([transform(text, 0.5, rng)[0] == PRE for _ in range(2000)])
    assert abs(share - 0.5) < 0.05
    old, new = prompt("x = ", "\nprint(x)"), prompt("x = 1", "\nprint(x)")
    assert reused(old, new) == len(PRE) + len("x = ")
    assert reused(spm("x = ", "", "s" * 50)[:4], spm("x = 1", "", "s" * 50)[:4]) > 50


def test_loss_prediction_equals_scipy_and_needs_the_floor() -> None:
    """gpt-4.md: ten runs below 1/10 000 of the compute predict 1.600 within 0.013; without c they say 1.23 to 1.24."""
    truth = float(predict_all(np.array([1.0]))[0])
    assert f"{truth:.3f}" == "1.600"
    laws = [fit(*runs(seed)) for seed in range(6)]
    assert max(abs(predict(law, 1.0) - truth) for law in laws) < 0.013
    blind = [predict(fit(*runs(seed), floor=False), 1.0) for seed in range(6)]
    assert {f"{value:.2f}" for value in blind} == {"1.23", "1.24"}
    compute, loss = runs(0)
    want, _ = curve_fit(lambda c, a, b, k: a * c**b + k, compute, loss, p0=(0.5, -0.1, 1.0), maxfev=10_000)
    np.testing.assert_allclose(laws[0], want, atol=0.02)
    assert abs(predict(laws[0], 1.0) - (want[0] + want[2])) < 0.002
