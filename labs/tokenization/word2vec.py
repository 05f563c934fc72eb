r"""Word2vec with the full softmax: CBOW and skip-gram are one log-linear model fed with different rows.

Source: Mikolov et al., *Efficient Estimation of Word Representations in Vector Space* (arXiv:1301.3781), section 3;
*Distributed Representations of Words and Phrases* (arXiv:1310.4546), section 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

GROUPS: list[tuple[list[str], list[str]]] = [
    (["猫", "狗", "兔子"], ["{} 在 睡觉", "我 喂 {}", "{} 跑 过来", "{} 的 耳朵 很 软"]),
    (["香蕉", "葡萄", "苹果"], ["我 吃 {}", "{} 很 甜", "我 洗 {}", "一斤 {} 多少 钱"]),
    (["华为", "三星", "苹果"], ["{} 发布 手机", "{} 股价 上涨", "{} 公司 裁员", "{} 的 芯片 很 新"]),
    (["汽车", "火车", "飞机"], ["我 坐 {}", "{} 晚点 了", "{} 的 票 很 贵", "{} 开 得 很 快"]),
]
"""Words and the sentences they are put into. 苹果 stands in two groups: a fruit and a company."""


def corpus() -> list[list[str]]:
    """Word i of a group in the sentences of its group but the i-th, so that no two words have the same contexts."""
    return [
        sentence.format(word).split()
        for words, sentences in GROUPS
        for i, word in enumerate(words)
        for sentence in sentences[:i] + sentences[i + 1 :]
    ]


def vocabulary(sentences: list[list[str]]) -> list[str]:
    """The distinct words, in order of their first appearance."""
    return list(dict.fromkeys(word for sentence in sentences for word in sentence))


# --8<-- [start:pairs]
def windows(sentence: list[str], window: int) -> list[tuple[str, list[str]]]:
    """Each word with its context: at most `window` words on either side, fewer at the ends."""
    return [
        (word, sentence[max(0, t - window) : t] + sentence[t + 1 : t + 1 + window]) for t, word in enumerate(sentence)
    ]


def examples(sentences: list[list[str]], words: list[str], window: int, cbow: bool) -> tuple[Array, Ids]:
    """Input rows a (n, V) and target words y (n,): CBOW averages the context, skip-gram is one-hot."""
    one_hot = dict(zip(words, np.eye(len(words)), strict=True))
    rows, targets = [], []
    for sentence in sentences:
        for center, context in windows(sentence, window):
            if cbow:  # one example a position: mean of the context → centre
                rows.append(np.mean([one_hot[c] for c in context], axis=0))
                targets.append(center)
            else:  # one example a pair: centre → each context word on its own
                rows += [one_hot[center]] * len(context)
                targets += context
    return np.array(rows), np.array([words.index(t) for t in targets])


# --8<-- [end:pairs]


# --8<-- [start:loss]
def loss_and_grad(a: Array, y: Ids, w_in: Array, w_out: Array) -> tuple[float, Array, Array]:
    """Mean −log p of the targets, and its gradients; w_in and w_out are both (V, d)."""
    h = a @ w_in  # (n, d): no bias, no non-linearity
    logits = h @ w_out.T  # (n, V)
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)  # (n, V)
    i = np.arange(len(y))
    loss = -float(np.log(p[i, y]).mean())
    p[i, y] -= 1
    delta = p / len(y)  # (n, V): predicted minus wanted, the only error signal there is
    return loss, a.T @ (delta @ w_out), delta.T @ h  # (V, d) each


# --8<-- [end:loss]


def train(
    a: Array, y: Ids, d: int = 8, steps: int = 600, rate: float = 4.0, seed: int = 1
) -> tuple[Array, Array, list[float]]:
    """Full-batch gradient descent from small random tables: w_in (V, d), w_out (V, d), the loss of every step."""
    rng = np.random.default_rng(seed)
    w_in, w_out = rng.standard_normal((2, a.shape[1], d)) * 0.1  # (V, d) each
    losses = []
    for _ in range(steps):
        loss, g_in, g_out = loss_and_grad(a, y, w_in, w_out)
        losses.append(loss)
        w_in, w_out = w_in - rate * g_in, w_out - rate * g_out
    return w_in, w_out, losses


def cosine(x: Array, y: Array) -> Array:
    """Cosine of the angle between rows: (n, d), (m, d) → (n, m)."""
    unit = [v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (x, y)]
    found: Array = unit[0] @ unit[1].T
    return found


def plane(vectors: Array, points: Array) -> Array:
    """`points` (m, d) on the two directions in which `vectors` (n, d) vary most (PCA), signs fixed: (m, 2)."""
    mean = vectors.mean(axis=0)  # (d,)
    _, _, axes = np.linalg.svd(vectors - mean, full_matrices=False)  # (min(n, d), d)
    top = axes[:2] * np.sign(axes[:2, :1])  # (2, d): an axis has no sign of its own
    found: Array = (points - mean) @ top.T  # (m, 2)
    return found
