"""Walks over triples against matrix powers, and the example of docs/rag/graphrag.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.bm25 import build
from labs.rag.corpus import tokens
from labs.rag.metrics import ranking
from labs.rag.triples import FACTS, as_text, follow, link, neighbourhood

QUESTION = "LLaMA-3-8B 的缓存里存的是什么？"


def test_neighbourhood_equals_matrix_powers() -> None:
    sparse = pytest.importorskip("scipy.sparse", reason="needs scipy==1.17.1")
    names = sorted({n for h, _, t in FACTS for n in (h, t)})
    row = {n: i for i, n in enumerate(names)}
    hops = sparse.lil_matrix((len(names), len(names)))
    for h, _, t in FACTS:
        hops[row[h], row[t]] = hops[row[t], row[h]] = 1
    for start in names:
        for steps in (1, 2, 3):
            near = np.zeros(len(names))
            near[row[start]] = 1
            for _ in range(steps - 1):
                near = ((near + hops.T @ near) > 0).astype(float)
            want = [f for f in FACTS if near[row[f[0]]] or near[row[f[2]]]]
            assert sorted(neighbourhood(FACTS, [start], steps)) == sorted(want)


def test_follow_equals_nested_loops() -> None:
    want = [t2 for h1, r1, t1 in FACTS for h2, r2, t2 in FACTS if (h1, r1, h2, r2) == ("QLoRA", "采用", t1, "每参数占")]
    assert follow(FACTS, "QLoRA", ["采用", "每参数占"]) == want == ["4 bit"]


def test_longest_name_wins() -> None:
    assert link("DeepSeek-V3 与 MLA", FACTS) == ["DeepSeek-V3", "MLA"]


def test_example_of_the_page() -> None:
    """Two hops: the sentence with the answer shares no entity with the question."""
    assert link(QUESTION, FACTS) == ["LLaMA-3-8B"]
    assert follow(FACTS, "LLaMA-3-8B", ["采用", "缓存的是"]) == ["各组的 K 和 V"]
    assert neighbourhood(FACTS, ["LLaMA-3-8B"], 2, both_ways=False) == [FACTS[0], FACTS[4]]
    assert [len(neighbourhood(FACTS, ["GQA"], hops)) for hops in (1, 2)] == [3, 3]
    scores = build([tokens(as_text([f])) for f in FACTS]).scores(tokens(QUESTION))
    assert [FACTS[i][0] for i in ranking(scores)[:4]] == ["LLaMA-3-8B", "GQA", "MHA", "MLA"]
    assert scores[4] < 1.1 * scores[6]  # the three "缓存的是" sentences are nearly tied
