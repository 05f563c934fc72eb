r"""Text generation as a Markov decision process, small enough to list: a state is a prefix, an action a token, the next
state is the prefix with the token appended, and only the last token meets the reward model.

A policy is a table `(V,)*t + (V,)` for each length t: `tables[t][prefix]` is the distribution of token t. Sources:
Ouyang et al. (arXiv:2203.02155), section 3.5 and appendix C.4; Ziegler et al.'s code `compute_rewards`.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Tables = list[Array]
"""`tables[t]` has shape (V,)*(t+1): probabilities of token t after each prefix of t tokens."""


# --8<-- [start:rewards]
def token_rewards(log_ratio: Array, score: float, beta: float) -> Array:
    r"""$r_t=-\beta\log\frac{\pi_\theta(a_t|s_t)}{\pi_{ref}(a_t|s_t)}+\mathbb 1[t=T]\,R$ from log-ratios (T,): (T,)."""
    rewards = -beta * log_ratio  # (T,)
    rewards[-1] += score  # the reward model judges the finished answer, once
    return rewards


def returns(rewards: Array, gamma: float = 1.0) -> Array:
    r"""Discounted sum of what follows each token, $G_t=\sum_{k\ge t}\gamma^{k-t}r_k$: (T,)."""
    out = np.zeros_like(rewards)
    for t in reversed(range(len(rewards))):
        out[t] = rewards[t] + (gamma * out[t + 1] if t + 1 < len(rewards) else 0.0)
    return out


# --8<-- [end:rewards]


def token_probs(tables: Tables, tokens: tuple[int, ...]) -> Array:
    """Probability of each token of `tokens` given its prefix: (T,)."""
    return np.array([tables[t][tokens[: t + 1]] for t in range(len(tokens))])


def sequences(tables: Tables) -> list[tuple[int, ...]]:
    """All V**T answers."""
    return list(product(range(tables[0].shape[0]), repeat=len(tables)))


def sequence_distribution(tables: Tables) -> Array:
    """Probability of each answer in the order of `sequences`: (V**T,)."""
    return np.array([token_probs(tables, y).prod() for y in sequences(tables)])


# --8<-- [start:soft]
def soft_optimum(ref: Tables, score: Array, beta: float) -> tuple[Tables, list[Array]]:
    r"""The best token-level policy by soft Bellman backup, from the scores (V,)*T of finished answers.

    $V(s)=\beta\log\sum_a\pi_{ref}(a|s)e^{Q(s,a)/\beta}$, $Q(s,a)=V(sa)$, $\pi^*(a|s)=\pi_{ref}(a|s)e^{(Q-V)/\beta}$.
    Returns the policy and the values, `values[t]` of shape (V,)*t.
    """
    policy: Tables = []
    values: list[Array] = []
    q = score  # (V,)*T: after the last token the answer is finished and worth its score
    for table in reversed(ref):
        logits = np.log(table) + q / beta  # (V,)*(t+1)
        v = beta * np.logaddexp.reduce(logits, axis=-1)  # (V,)*t
        policy.insert(0, np.exp(logits - v[..., None] / beta))
        values.insert(0, v)
        q = v  # the transition is deterministic: no expectation over next states
    return policy, values


# --8<-- [end:soft]


# --8<-- [start:gradient]
def policy_gradient(tables: Tables, ref: Tables, score: Array, beta: float) -> list[Array]:
    r"""$\mathbb E\big[\sum_t\nabla\log\pi(a_t|s_t)\,G_t\big]$ in the logits of every state, by listing all answers.

    The rewards hold log π, yet nothing is differentiated through them: that term's expectation is zero.
    """
    grads = [np.zeros_like(table) for table in tables]
    for y in sequences(tables):
        probs = token_probs(tables, y)  # (T,)
        rewards = token_rewards(np.log(probs / token_probs(ref, y)), float(score[y]), beta)
        for t, g in enumerate(returns(rewards)):  # what came before token t is not its merit
            push = -tables[t][y[:t]]  # (V,): e_a - π, the gradient of log π(a|s)
            push[y[t]] += 1
            grads[t][y[:t]] += probs.prod() * g * push
    return grads


# --8<-- [end:gradient]
