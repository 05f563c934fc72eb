r"""Expert parallelism: experts live on different cards, tokens travel to them and back by two all-to-alls.

Source: Lepikhin et al., *GShard* (arXiv:2006.16668), section 3. Each of R cards holds T/R tokens and E/R experts; the
router is the same on all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labs.moe.layer import Experts, route

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:all-to-all]
def all_to_all(send: list[list[Array]]) -> list[list[Array]]:
    """What card i put into slot j arrives in slot i of card j."""
    return [[row[j] for row in send] for j in range(len(send))]


def moe_over_cards(x: list[Array], w_r: Array, experts: Experts, k: int) -> tuple[list[Array], Ids]:
    """Outputs (T/R, d) of every card, and how many token copies card i sent to card j (R, R)."""
    cards, per_card = len(x), len(experts) // len(x)
    plans = []  # per card: assignments sorted by expert, so that those for one card are neighbours
    for x_i in x:
        ids, weights = route(x_i, w_r, k)  # (T/R, k) each
        order = np.argsort(ids.ravel(), kind="stable")  # (kT/R,)
        counts = np.bincount(ids.ravel() // per_card, minlength=cards)  # (R,): copies for each card
        plans.append((order // k, ids.ravel()[order], weights.ravel()[order], counts))

    def by_card(a: npt.NDArray[Any], counts: Ids) -> list[npt.NDArray[Any]]:
        return np.split(a, np.cumsum(counts)[:-1])

    tokens = all_to_all([by_card(x_i[t], c) for x_i, (t, _, _, c) in zip(x, plans, strict=True)])  # dispatch
    names = all_to_all([by_card(e, c) for _, e, _, c in plans])  # the expert of each copy: a few bytes
    answers = []
    for mine, which in zip(tokens, names, strict=True):  # on each card: its experts on all that came in
        out = [np.empty_like(part) for part in mine]
        for source, (part, e) in enumerate(zip(mine, which, strict=True)):
            for expert in np.unique(e):
                out[source][e == expert] = experts(int(expert), part[e == expert])
        answers.append(out)
    results = []
    for x_i, back, (token, _, weight, _) in zip(x, all_to_all(answers), plans, strict=True):  # combine
        y = np.zeros_like(x_i)  # (T/R, d)
        np.add.at(y, token, weight[:, None] * np.concatenate(back))  # the answers come in the order of sending
        results.append(y)
    return results, np.array([c for *_, c in plans])


# --8<-- [end:all-to-all]


# --8<-- [start:decode]
def decode_step(
    batch: int, cards: int, experts: int, k: int, expert_bytes: float, bandwidth: float
) -> tuple[float, float]:
    """Decoding `batch` tokens a card: tokens per expert, and seconds to read a card's expert weights in one layer."""
    return batch * cards * k / experts, experts / cards * expert_bytes / bandwidth


# --8<-- [end:decode]
