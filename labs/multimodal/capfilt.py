r"""CapFilt on a toy web: captions that are often wrong, a captioner, a filter, and what a model learns from each mix.

Source: Li et al., *BLIP* (arXiv:2201.12086), section 3.3 and figure 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.multimodal.contrastive import Array, normalize

Bools = npt.NDArray[np.bool_]


class Web:
    """Images (d_i) and captions (d_t) are linear views of a hidden scene (k); some captions belong to other scenes."""

    def __init__(self, seed: int, hidden: int = 16, image: int = 48, text: int = 48) -> None:
        self.rng = np.random.default_rng(seed)
        self.a = self.rng.standard_normal((hidden, image)) / np.sqrt(hidden)  # (k, d_i)
        self.b = self.rng.standard_normal((hidden, text)) / np.sqrt(hidden)  # (k, d_t)

    def scenes(self, n: int) -> tuple[Array, Array, Array]:
        """n scenes: hidden z (n, k), images (n, d_i), true captions (n, d_t)."""
        z = self.rng.standard_normal((n, len(self.a)))  # (n, k)
        image = z @ self.a + 0.5 * self.rng.standard_normal((n, self.a.shape[1]))  # (n, d_i)
        return z, image, z @ self.b + 0.5 * self.rng.standard_normal((n, self.b.shape[1]))  # (n, d_t)


def fit(image: Array, text: Array, ridge: float = 1.0) -> Array:
    """The model: ridge regression from images (n, d_i) to captions (n, d_t), giving (d_i, d_t)."""
    gram = image.T @ image + ridge * np.eye(image.shape[1])  # (d_i, d_i)
    return np.asarray(np.linalg.solve(gram, image.T @ text), dtype=np.float64)  # (d_i, d_t)


def agreement(w: Array, image: Array, text: Array) -> Array:
    """Cosine (n,) between the captions that `w` expects and those given: the filter's score."""
    cosine: Array = (normalize(image @ w) * normalize(text)).sum(axis=1)
    return cosine


# --8<-- [start:capfilt]
def datasets(seed: int, web: int = 300, human: int = 60, wrong: float = 0.6) -> dict[str, tuple[Array, Array, Bools]]:
    """Five training sets as (images, captions, which captions are right)."""
    world = Web(seed)
    _, i_h, t_h = world.scenes(human)  # human labels: few and right
    z, i_w, t_w = world.scenes(web)  # web images
    bad = world.rng.random(web) < wrong
    t_w = np.where(bad[:, None], world.scenes(web)[2], t_w)  # (n, d_t): a caption of some other scene
    base = fit(i_h, t_h)  # both modules start from it and are tuned on the human pairs
    failed = world.rng.random(web) < 0.3  # the captioner describes something else now and then
    t_s = np.where(failed[:, None], world.scenes(web)[2], z @ world.b + 0.5 * world.rng.standard_normal(t_w.shape))
    keep_w, keep_s = agreement(base, i_w, t_w) > 0.3, agreement(base, i_w, t_s) > 0.3  # the filter sees both
    ones = np.ones(human, dtype=np.bool_)

    def join(*parts: tuple[Array, Array, Bools]) -> tuple[Array, Array, Bools]:
        images, texts, right = zip(*parts, (i_h, t_h, ones), strict=True)
        return np.concatenate(images), np.concatenate(texts), np.concatenate(right)

    web_f, syn_f = (i_w[keep_w], t_w[keep_w], ~bad[keep_w]), (i_w[keep_s], t_s[keep_s], ~failed[keep_s])
    return {
        "web": join((i_w, t_w, ~bad)),
        "filter": join(web_f),
        "caption": join((i_w, t_w, ~bad), (i_w, t_s, ~failed)),
        "unfiltered captions": join(web_f, (i_w, t_s, ~failed)),
        "both": join(web_f, syn_f),  # D = {(I_w, T_w)} ∪ {(I_w, T_s)} ∪ {(I_h, T_h)}
    }


# --8<-- [end:capfilt]


def recall(data: tuple[Array, Array, Bools], seed: int, test: int = 200) -> float:
    """Recall@1 of a fresh model trained on `data`: image → caption among `test` held-out pairs of the same world."""
    w = fit(*data[:2])
    world = Web(seed)  # the same maps
    world.rng = np.random.default_rng(10_000 + seed)  # other scenes
    _, image, text = world.scenes(test)
    scores = normalize(image @ w) @ normalize(text).T  # (n, n)
    return float((scores.argmax(axis=1) == np.arange(test)).mean())
