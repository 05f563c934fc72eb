"""BERT's family and T5 against brute force and PyTorch: docs/models/gpt-vs-bert.md, bert.md, roberta.md, t5.md."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

from labs.attention.scaled_dot_product import attention
from labs.models import albert
from labs.models.input_packing import SEP, batch_sizes, doc_sentences, full_sentences
from labs.models.masked_words import (
    cross_entropy,
    fake_share,
    independent,
    mask_pieces,
    mask_whole_words,
    torn,
    torn_expected,
)
from labs.models.parameter_count import count
from labs.models.see_the_answer import best_causal_loss, changed, next_token_loss, peek, positions_computed
from labs.models.text_to_text import LABELS, decode, encode, score_std
from labs.pretraining.masked_lm import mask_tokens


def test_peeking_head_reads_the_answer_only_without_the_causal_mask() -> None:
    """gpt-vs-bert.md: loss 0.001 with the full mask; ln 50 = 3.91 is the floor with the causal one."""
    ids = np.random.default_rng(0).integers(0, 50, 400)
    full, causal = np.ones((400, 400), dtype=bool), np.tri(400, dtype=bool)
    assert f"{next_token_loss(peek(ids, 50, full), ids):.3f}" == "0.001"
    assert next_token_loss(peek(ids, 50, causal), ids) > best_causal_loss(50)
    assert f"{best_causal_loss(50):.2f}" == "3.91" == f"{log(50):.2f}"
    np.testing.assert_allclose(np.exp(peek(ids, 50, causal)).sum(axis=1), 1, atol=1e-12)
    late = np.exp(peek(ids, 50, causal))  # what a causal position says does not depend on what follows
    np.testing.assert_array_equal(late[:200], np.exp(peek(ids[:200], 50, causal[:200, :200])))


def test_an_edit_moves_later_outputs_only_or_all_of_them() -> None:
    """gpt-vs-bert.md: a causal model keeps its cache, a bidirectional one recomputes everything."""
    x = np.random.default_rng(1).standard_normal((6, 4))
    causal = np.tri(6, dtype=bool)
    np.testing.assert_array_equal(changed(lambda y: attention(y, y, y, causal), x), causal)
    assert changed(lambda y: attention(y, y, y), x).all()


def test_positions_computed() -> None:
    """gpt-vs-bert.md: 128 tokens after a prompt of 512: 639 against 73 664 positions, 115 times as many."""
    cached, again = positions_computed(512, 128, True), positions_computed(512, 128, False)
    assert (cached, again) == (639, 73_664)
    assert again == sum(range(512, 512 + 128))
    assert round(again / cached) == 115


def test_words_are_torn() -> None:
    """bert.md: at 15 % a two-piece word that is touched still shows its other half in 92 % of the cases."""
    rng = np.random.default_rng(0)
    word_of = np.repeat(np.arange(40_000), 2)
    single, whole = mask_pieces(word_of, 0.15, rng), mask_whole_words(word_of, 0.15, rng)
    assert abs(single.mean() - 0.15) < 0.005
    assert abs(whole.mean() - 0.15) < 0.005
    assert abs(torn(word_of, single) - torn_expected(2, 0.15)) < 0.01
    assert torn(word_of, whole) == 0
    assert [round(100 * torn_expected(m, 0.15)) for m in (2, 3)] == [92, 99]


def test_blanks_do_not_know_each_other() -> None:
    """bert.md: 北京 or 上海, half each: ln 2 jointly, 2 ln 2 with independent blanks, half of it on 北海 and 上京."""
    joint = np.diag([0.5, 0.5])
    blind = independent(joint)
    assert abs(cross_entropy(joint, joint) - log(2)) < 1e-12
    assert abs(cross_entropy(joint, blind) - 2 * log(2)) < 1e-12
    assert blind[0, 1] + blind[1, 0] == 0.5
    rng = np.random.default_rng(0)
    other = rng.dirichlet(np.ones(6)).reshape(2, 3)
    information = (other * np.log(other / np.outer(other.sum(1), other.sum(0)))).sum()
    assert abs(cross_entropy(other, independent(other)) - cross_entropy(other, other) - information) < 1e-12


def test_visible_tokens_may_be_fake() -> None:
    """bert.md: 1.7 % of the visible tokens that are not [MASK] are wrong."""
    assert f"{100 * fake_share(0.15, 30_522):.1f}" == "1.7"
    rng, n, vocab = np.random.default_rng(0), 400_000, 1000
    ids = rng.integers(0, vocab, n)
    source, _ = mask_tokens(ids, vocab, vocab, np.zeros(n, dtype=bool), rng)
    shown = source != vocab
    assert abs((source[shown] != ids[shown]).mean() - fake_share(0.15, vocab)) < 1e-3


def documents(seed: int, count: int = 200) -> list[list[list[int]]]:
    """Made-up documents: lengths and numbers of sentences vary, every token is its own number."""
    rng = np.random.default_rng(seed)
    made, token = [], 0
    for _ in range(count):
        document = []
        for _ in range(int(rng.integers(1, 60))):
            length = int(rng.integers(5, 40))
            document.append(list(range(token, token + length)))
            token += length
        made.append(document)
    return made


def test_packing_loses_nothing_and_respects_the_limit() -> None:
    """roberta.md: FULL-SENTENCES fills inputs almost, DOC-SENTENCES leaves short ones, so batches differ in size."""
    made = documents(0)
    flat = [t for document in made for sentence in document for t in sentence]
    full, doc = full_sentences(made, 512), doc_sentences(made, 512)
    for packed in (full, doc):
        assert [t for piece in packed for t in piece if t != SEP] == flat
        assert max(map(len, packed)) <= 512
    assert not any(SEP in piece for piece in doc)
    assert (round(256e6 / 1e8, 1), round(8192 * 5e5 / 1e8)) == (2.6, 41)  # samples seen by BERT and RoBERTa
    assert 8192 * 5e5 / 256e6 == 16
    fill = [sum(map(len, packed)) / len(packed) / 512 for packed in (full, doc)]
    assert [round(100 * f) for f in fill] == [97, 68]
    sizes = [batch_sizes(packed, 8192) for packed in (full, doc)]
    assert [(min(s), max(s)) for s in sizes] == [(17, 17), (22, 26)]


def encoder(layers: int, h: int, e: int, shared: bool, vocab: int = 30_000) -> dict[str, Any]:
    """A BERT of this shape for parameter_count; e = h means no factorisation."""
    shape = {"layers": layers, "hidden": h, "heads": 2, "ffn": 4 * h, "vocab": vocab, "positions": 512, "segments": 2}
    style = {"gated": False, "bias": "all", "norm": "LayerNorm", "tied": True, "pooler": True, "kind": "encoder"}
    return shape | style | {"embedding_dim": e, "shared_layers": shared}


def test_albert_counts_equal_torch() -> None:
    """roberta.md: 11.68M, 17.68M, 58.72M, 222.6M; factorised alone 89.7M, shared alone 31.1M of BERT's 109.1M."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn

    def torch_count(layers: int, h: int, e: int, shared: bool) -> int:
        block = nn.TransformerEncoderLayer(h, 2, 4 * h)
        parts = [nn.Embedding(900, e), nn.Embedding(512, e), nn.Embedding(2, e), nn.LayerNorm(e)]
        parts += [] if e == h else [nn.Linear(e, h)]
        parts += [nn.Linear(h, h)]  # pooler
        blocks = (1 if shared else layers) * sum(p.numel() for p in block.parameters())
        return int(blocks + sum(p.numel() for part in parts for p in part.parameters()))

    for layers, h in ((3, 16), (5, 32)):
        for e, shared in ((4, True), (h, False), (4, False), (h, True)):
            assert count(encoder(layers, h, e, shared, 900)).total == torch_count(layers, h, e, shared)
    shapes = ((12, 768), (24, 1024), (24, 2048), (12, 4096))
    counts = [count(encoder(layers, h, 128, True)).total for layers, h in shapes]
    assert counts == [11_683_584, 17_683_968, 58_724_864, 222_595_584]
    base = [count(encoder(12, 768, e, s)).total for e, s in ((768, False), (128, False), (768, True), (128, True))]
    assert [f"{n / 1e6:.1f}" for n in base] == ["109.1", "89.7", "31.1", "11.7"]
    large = count(encoder(24, 1024, 1024, False)).total
    assert large == 334_607_360
    assert round(large / counts[1]) == 19
    assert round(100 * counts[3] / large) == 67
    assert albert.table_parameters(30_000, 768, 128) == (23_040_000, 3_938_304)
    assert albert.table_parameters(30_000, 4096, 128) == (122_880_000, 4_364_288)


def test_factorised_table_has_low_rank_and_shared_gradient_is_a_sum() -> None:
    """roberta.md: all word vectors lie in E dimensions; one matrix collects the gradients of all layers."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    table, project = rng.standard_normal((50, 4)), rng.standard_normal((4, 16))
    vectors = albert.embed(np.arange(50), table, project)
    assert np.linalg.matrix_rank(vectors) == 4
    x, w, g = rng.standard_normal((5, 6)), 0.3 * rng.standard_normal((6, 6)), rng.standard_normal((5, 6))
    weight, state = torch.from_numpy(w).requires_grad_(), torch.from_numpy(x)
    for _ in range(4):
        state = state + torch.tanh(state @ weight)
    (state * torch.from_numpy(g)).sum().backward()
    np.testing.assert_allclose(albert.run_shared(x, w, 4), state.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(albert.shared_gradient(x, w, 4, g), weight.grad.numpy(), atol=1e-10)


def test_tasks_become_text_and_come_back() -> None:
    """t5.md: the table of formats; 21 strings for STS-B; an answer that is no label counts as wrong."""
    assert encode("cola", {"sentence": "The book ."}, 0) == ("cola sentence: The book .", "unacceptable")
    assert encode("stsb", {"sentence1": "a", "sentence2": "b"}, 2.57) == ("stsb sentence1: a sentence2: b", "2.6")
    assert encode("translate", {"source": "That is good."}, "Das ist gut.")[0].startswith("translate English to German")
    assert encode("squad", {"question": "q", "context": "c"}, "a") == ("question: q context: c", "a")
    for task, names in LABELS.items():
        for number in range(len(names)):
            assert decode(task, encode(task, {"x": "y"}, number)[1]) == number
    assert len({encode("stsb", {}, value)[1] for value in np.linspace(1, 5, 4001)}) == 21
    assert decode("mnli", "hamburger") is None
    assert decode("stsb", "hamburger") is None


def test_t5_folds_the_scale_into_the_weights() -> None:
    """t5.md: scores start with the same spread, 1.0, divided by √d_k or drawn from a smaller W_Q."""
    divided, folded = score_std(512, 64, True), score_std(512, 64, False)
    assert abs(divided - folded) < 1e-12
    assert f"{folded:.1f}" == "1.0"
