"""Patch embedding against PyTorch's convolution, and the numbers of docs/multimodal/vit.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labs.multimodal.patch_embedding import VIT_B16, VIT_H14, VIT_L16, embed, patchify, strided_convolution


def test_patches_are_the_blocks_of_the_image_in_reading_order() -> None:
    image = np.random.default_rng(0).standard_normal((8, 12, 3))
    want = [image[r : r + 4, c : c + 4].ravel() for r in (0, 4) for c in (0, 4, 8)]
    np.testing.assert_array_equal(patchify(image, 4), want)


def test_linear_layer_equals_torch_convolution() -> None:
    """Page: a convolution with stride = kernel = P is the same map."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    image, kernel, bias = (
        rng.standard_normal((32, 48, 3)),
        rng.standard_normal((10, 3, 16, 16)),
        rng.standard_normal(10),
    )
    out = torch.nn.functional.conv2d(
        torch.from_numpy(image.transpose(2, 0, 1).copy())[None],
        torch.from_numpy(kernel),
        torch.from_numpy(bias),
        stride=16,
    )
    want = out[0].flatten(1).T.numpy()  # (N, D), row by row
    np.testing.assert_allclose(strided_convolution(image, kernel, bias), want, atol=1e-10)


def test_cls_comes_first_and_shapes() -> None:
    """Page: 224 / 16 = 14, 196 patches, 197 tokens; P²C = D = 768 by coincidence."""
    rng = np.random.default_rng(2)
    image, cls = rng.standard_normal((224, 224, 3)), rng.standard_normal(768)
    weight, positions = rng.standard_normal((768, 768)), np.zeros((197, 768))
    z = embed(image, weight, np.zeros(768), cls, positions, 16)
    assert patchify(image, 16).shape == (196, 768)
    assert z.shape == (197, 768)
    np.testing.assert_array_equal(z[0], cls)
    assert 14 * 14 * 3 == 588  # H/14: the flattened patch is not as wide as the model
    assert VIT_H14.width == 1280


def test_parameters_equal_a_torch_encoder() -> None:
    """Page: 85.8M for B/16, 303.3M for L/16, 630.8M for H/14; with a 1000-way head B/16 has 86.6M."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    small = replace(VIT_B16, layers=2, width=96, mlp=384)
    block = torch.nn.TransformerEncoderLayer(96, 4, 384, batch_first=True)
    modules = [torch.nn.Conv2d(3, 96, 16, stride=16), torch.nn.LayerNorm(96), block, block]
    count = sum(p.numel() for m in modules for p in m.parameters()) + 96 + 197 * 96
    assert small.parameters() == count
    assert [v.parameters() for v in (VIT_B16, VIT_L16, VIT_H14)] == [85_798_656, 303_301_632, 630_764_800]
    assert VIT_B16.parameters() + 768 * 1000 + 1000 == 86_567_656
    stem = 768 * 768 + 768
    assert (stem, 197 * 768) == (590_592, 151_296)
    assert round((stem + 197 * 768 + 768) / VIT_B16.parameters(), 4) == 0.0087


def test_tokens_and_flops_of_resolutions() -> None:
    """Page: table of patch size and resolution."""
    rows = [(32, 224), (16, 224), (16, 384), (14, 224), (14, 336)]
    got = [replace(VIT_B16, patch=p, image=s) for p, s in rows]
    assert [v.patches() for v in got] == [49, 196, 576, 256, 576]
    assert [round(v.flops() / 1e9, 1) for v in got] == [8.8, 35.1, 111.0, 46.3, 110.8]
    wide = replace(VIT_B16, image=384)
    n = wide.patches() + 1
    attention = wide.layers * 4 * n * n * wide.width
    base_attention = VIT_B16.layers * 4 * 197 * 197 * VIT_B16.width
    assert round(wide.flops() / VIT_B16.flops(), 2) == 3.16
    assert (224 * 224, round((224 * 224) ** 2 / 1e8)) == (50_176, 25)
    assert [round(v.flops() / 1e9, 1) for v in (VIT_L16, VIT_H14)] == [123.1, 334.6]
    assert (round(base_attention / VIT_B16.flops(), 3), round(attention / wide.flops(), 3)) == (0.041, 0.111)
