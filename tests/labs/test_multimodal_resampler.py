"""Resampler and Q-Former against PyTorch; docs/multimodal/vlm-connector.md and blip2-qformer.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import Array
from labs.multimodal.resampler import q_former_layer, q_former_mask, resample


def weights(names: str, d: int, rng: np.random.Generator, wide: int = 4) -> dict[str, Array]:
    shapes = {"up": (d, wide * d), "down": (wide * d, d), "t_up": (d, wide * d), "t_down": (wide * d, d)}
    return {n: rng.standard_normal(shapes.get(n, (d, d))) / np.sqrt(d) / 2 for n in names.split()}


@pytest.mark.parametrize("n", [1, 49, 256, 729])
def test_output_length_does_not_depend_on_the_image(n: int) -> None:
    rng = np.random.default_rng(0)
    layers = [weights("q k v o up down", 8, rng) for _ in range(2)]
    assert resample(rng.standard_normal((64, 8)), rng.standard_normal((n, 8)), layers).shape == (64, 8)


def test_resampler_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    p = weights("q k v o up down", 8, rng)
    queries, image = rng.standard_normal((4, 8)), rng.standard_normal((9, 8))
    t = {k: torch.from_numpy(v) for k, v in p.items()}
    x, source = torch.from_numpy(queries), torch.from_numpy(np.concatenate([image, queries]))
    attend = torch.nn.functional.scaled_dot_product_attention
    x = x + attend((x @ t["q"])[None], (source @ t["k"])[None], (source @ t["v"])[None])[0] @ t["o"]
    x = x + torch.relu(x @ t["up"]) @ t["down"]
    np.testing.assert_allclose(resample(queries, image, [p]), x.numpy(), atol=1e-12)


def test_order_of_the_patches_is_invisible() -> None:
    """Page vlm-connector: positions must already be in the features."""
    rng = np.random.default_rng(2)
    layers = [weights("q k v o up down", 8, rng) for _ in range(2)]
    queries, image = rng.standard_normal((4, 8)), rng.standard_normal((20, 8))
    np.testing.assert_allclose(
        resample(queries, image, layers), resample(queries, image[rng.permutation(20)], layers), atol=1e-12
    )


def q_former(objective: str, image: Array, text: Array) -> Array:
    rng = np.random.default_rng(3)
    names = "q k v o cq ck cv co up down t_up t_down"
    x = np.concatenate([rng.standard_normal((3, 8)), text])
    mask = q_former_mask(3, len(text), objective)
    for layer in range(4):
        x = q_former_layer(x, image, 3, mask, weights(names, 8, rng), cross=layer % 2 == 0)
    return x


def test_masks_keep_what_must_stay_apart() -> None:
    """Page blip2-qformer: what each objective lets through."""
    rng = np.random.default_rng(4)
    image, text, other = rng.standard_normal((10, 8)), rng.standard_normal((5, 8)), rng.standard_normal((5, 8))
    for objective, queries_see_text, text_sees_image in (
        ("ITC", False, False),
        ("ITM", True, True),
        ("ITG", False, True),
    ):
        base = q_former(objective, image, text)
        assert np.allclose(base[:3], q_former(objective, image, other)[:3]) != queries_see_text
        assert np.allclose(base[3:], q_former(objective, -image, text)[3:]) != text_sees_image
    changed = text.copy()
    changed[3] += 1.0  # causal: words 0 to 2 must not notice
    a, b = q_former("ITG", image, text), q_former("ITG", image, changed)
    np.testing.assert_allclose(a[3:6], b[3:6], atol=1e-12)
    assert np.abs(a[6:] - b[6:]).max() > 1e-3
    assert [int(q_former_mask(32, 8, o).sum()) for o in ("ITC", "ITM", "ITG")] == [1088, 1600, 1316]
