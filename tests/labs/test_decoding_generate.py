"""The generation loop against a full forward pass, and the numbers of docs/decoding/autoregressive-generation.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.decoding.generate import find_stop, generate, safe_prefix, token_forwards


def greedy(z: np.ndarray) -> int:
    return int(z.argmax())


def counting(tokens: list[int]) -> np.ndarray:
    """A model that counts up modulo 7."""
    return np.asarray(np.eye(7)[(tokens[-1] + 1) % 7])


def test_parallel_and_cached_passes_pick_the_same_tokens() -> None:
    """Page: a two-layer decoder, all logits at once in PyTorch or token by token from the cache."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    functional = torch.nn.functional
    from labs.transformer.incremental import Cache, step

    rng = np.random.default_rng(0)
    v, d, heads, steps = 11, 8, 2, 9
    table, positions = rng.standard_normal((v, d)) / 3, rng.standard_normal((32, d))
    layers = []
    for _ in range(2):
        norm = {"gamma": rng.standard_normal(d), "beta": rng.standard_normal(d)}
        attention = {f"w_{n}": rng.standard_normal((d, d)) for n in "qkvo"}
        attention |= {f"b_{n}": rng.standard_normal(d) for n in "qkvo"}
        ffn = {"w_1": rng.standard_normal((d, 16)), "b_1": rng.standard_normal(16)}
        ffn |= {"w_2": rng.standard_normal((16, d)), "b_2": rng.standard_normal(d)}
        layers.append({"norm_1": norm, "norm_2": norm, "self": attention, "ffn": ffn})
    final = {"gamma": np.ones(d), "beta": np.zeros(d)}

    def full(tokens: list[int]) -> np.ndarray:
        """Logits (T, V) of all positions in one causal pass."""
        t = torch.from_numpy
        x = t(table[tokens] * np.sqrt(d) + positions[: len(tokens)])
        for w in layers:
            y = functional.layer_norm(x, (d,), t(w["norm_1"]["gamma"]), t(w["norm_1"]["beta"]))
            q, k, values = (
                (y @ t(w["self"][f"w_{n}"]) + t(w["self"][f"b_{n}"])).view(-1, heads, d // heads).transpose(0, 1)
                for n in "qkv"
            )
            o = functional.scaled_dot_product_attention(q, k, values, is_causal=True).transpose(0, 1).reshape(-1, d)
            x = x + o @ t(w["self"]["w_o"]) + t(w["self"]["b_o"])
            y = functional.layer_norm(x, (d,), t(w["norm_2"]["gamma"]), t(w["norm_2"]["beta"]))
            x = (
                x
                + functional.relu(y @ t(w["ffn"]["w_1"]) + t(w["ffn"]["b_1"])) @ t(w["ffn"]["w_2"])
                + t(w["ffn"]["b_2"])
            )
        x = functional.layer_norm(x, (d,), t(final["gamma"]), t(final["beta"]))
        return np.asarray((x @ t(table).T).numpy())

    caches = [Cache(d), Cache(d)]
    fed: list[int] = []
    seen: list[np.ndarray] = []

    def cached(tokens: list[int]) -> np.ndarray:
        for token in tokens[len(fed) :]:
            seen.append(step(token, table, positions, layers, final, heads, caches))
            fed.append(token)
        return seen[-1]

    prompt = [3, 1, 4]
    with_cache, _ = generate(cached, prompt, greedy, steps)
    without, _ = generate(lambda tokens: full(tokens)[-1], prompt, greedy, steps)
    assert with_cache == without
    np.testing.assert_allclose(full(fed), np.stack(seen), atol=1e-10)
    assert len(seen) == token_forwards(len(prompt), steps, cache=True)


def test_three_reasons_to_stop() -> None:
    assert generate(counting, [0], greedy, 10, eos=5) == ([1, 2, 3, 4, 5], "eos")
    assert generate(counting, [0], greedy, 3, eos=5) == ([1, 2, 3], "length")

    def decode(tokens: list[int]) -> str:
        return "".join(map(str, tokens))

    assert generate(counting, [0], greedy, 10, decode=decode, stops=["34"]) == ([1, 2, 3, 4], "stop")


def test_safe_prefix_against_every_continuation() -> None:
    """What is held back is exactly what some continuation could turn into a stop string."""
    stops = ["aba", "cb"]
    for text in map("".join, product("abc", repeat=5)):
        sent = safe_prefix(text, stops)
        if find_stop(text, stops) >= 0:
            assert sent == text[: find_stop(text, stops)]
            continue
        endings = ["".join(e) for n in range(3) for e in product("abc", repeat=n)]
        cuts = [at for e in endings if (at := find_stop(text + e, stops)) >= 0]
        assert len(sent) == min([len(text), *cuts])


def test_streaming_example() -> None:
    """Page: the tail that may grow into the stop string waits, and goes out once it cannot."""
    assert safe_prefix("你好\nUs", ["\nUser:"]) == "你好"
    assert safe_prefix("你好\nUsual", ["\nUser:"]) == "你好\nUsual"


def test_token_forwards() -> None:
    """Page: 1000 tokens of prompt, 500 new ones; and 0.9 to the power 100."""
    slow, fast = token_forwards(1000, 500, cache=False), token_forwards(1000, 500, cache=True)
    assert (slow, fast, round(slow / fast)) == (624_750, 1_499, 417)
    assert slow == sum(len(range(1000 + t)) for t in range(500))
    assert f"{0.9**100:.1e}" == "2.7e-05"
