"""Streamed text against Python's incremental decoder, interleaving of readers; page batching-strategies."""

from __future__ import annotations

import asyncio
import codecs

import numpy as np

from labs.serving.streaming import serve, split_incomplete, stream_text


def test_every_cut_of_a_text_streams_without_broken_characters() -> None:
    rng = np.random.default_rng(0)
    text = "流式 é ü 输出 🙂 ok👩‍🔬"
    data = text.encode()
    for _ in range(200):
        cuts = np.sort(rng.choice(np.arange(1, len(data)), rng.integers(0, len(data) // 2), replace=False))
        tokens = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        decoder = codecs.getincrementaldecoder("utf-8")()
        assert stream_text(tokens) == [decoder.decode(t) for t in tokens]
        assert "".join(stream_text(tokens)) == text


def test_the_example_of_the_page() -> None:
    snow = "雪".encode()
    assert len(snow) == 3
    assert stream_text([b"a", snow[:1], snow[1:2], snow[2:] + b"!"]) == ["a", "", "", "雪!"]
    assert [t.decode(errors="replace") for t in (snow[:1], snow[1:2], snow[2:])] == ["�"] * 3
    assert split_incomplete(b"") == (b"", b"")
    assert stream_text([b"\xff", b"a"])[1][-1] == "a"  # not UTF-8: it is shown as a replacement, never held for ever


def test_streams_interleave_on_one_thread() -> None:
    answers = {"a": ["a0", "a1", "a2"], "b": ["b0"], "c": ["c0", "c1"]}
    wire = asyncio.run(serve(answers))
    assert [token for _, token in wire] == ["a0", "b0", "c0", "a1", "c1", "a2"]
