r"""Zero-shot classification: class names become text vectors, and those vectors are the classifier.

Source: Radford et al. (arXiv:2103.00020), sections 3.1.2 and 3.1.4 (prompt ensembling).
"""

from __future__ import annotations

import numpy as np

from labs.multimodal.contrastive import Array, normalize


# --8<-- [start:ensemble]
def class_vector(prompts: Array) -> Array:
    """One class from its T templates: `prompts` (T, d), unit rows → (d,), the normalised mean."""
    return normalize(normalize(prompts).mean(axis=0))


def classify(images: Array, classes: Array, scale: float = 100.0) -> Array:
    """Probabilities (n, K) of unit `images` (n, d) over unit `classes` (K, d): a linear layer whose rows are texts."""
    logits = scale * images @ classes.T  # (n, K)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))  # (n, K)
    probs: Array = e / e.sum(axis=1, keepdims=True)
    return probs


# --8<-- [end:ensemble]


# --8<-- [start:toy]
def toy_accuracy(templates: int, seed: int, classes: int = 20, dim: int = 32, noise: float = 1.5) -> float:
    """Accuracy when every template adds its own error (length about `noise`) to a class's true direction."""
    rng = np.random.default_rng(seed)
    truth = normalize(rng.standard_normal((classes, dim)))  # (K, d)
    wording = noise * rng.standard_normal((classes, 80, dim)) / np.sqrt(dim)  # (K, 80, d)
    vectors = np.stack([class_vector(truth[k] + wording[k, :templates]) for k in range(classes)])  # (K, d)
    labels = rng.integers(classes, size=2000)  # (n,)
    images = normalize(truth[labels] + 1.0 * rng.standard_normal((2000, dim)) / np.sqrt(dim))  # (n, d)
    return float((classify(images, vectors).argmax(axis=1) == labels).mean())


# --8<-- [end:toy]
