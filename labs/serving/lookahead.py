r"""Guessing without a second model: Jacobi iteration, and lookahead decoding, which reuses its n-grams.

Sources: Santilli et al. (arXiv:2305.10427) for Jacobi decoding; Fu et al. (arXiv:2402.02057), section 3. Greedy only.
"""

from __future__ import annotations

from collections.abc import Callable

Next = Callable[[tuple[int, ...]], int]  # prefix → the model's most likely next token


def autoregressive(model: Next, prompt: tuple[int, ...], n: int) -> list[int]:
    """n tokens in n steps."""
    out: list[int] = []
    for _ in range(n):
        out.append(model((*prompt, *out)))
    return out


# --8<-- [start:jacobi]
def jacobi(model: Next, prompt: tuple[int, ...], n: int, start: int = 0) -> tuple[list[int], int]:
    """Solve y_i = model(prompt, y_<i) for all i at once: each step is one parallel pass over n positions.

    After step t the first t tokens are final, so at most n steps; a guess that happens to be right saves some.
    """
    y = [start] * n
    for step in range(1, n + 1):
        new = [model((*prompt, *y[:i])) for i in range(n)]  # all from the old y
        if new == y:
            return y, step
        y = new
    return y, n


# --8<-- [end:jacobi]


# --8<-- [start:lookahead]
def lookahead(model: Next, prompt: tuple[int, ...], n: int, window: int, gram: int) -> tuple[list[int], int]:
    """The same n tokens; a step is one pass that both extends the Jacobi window and checks n-grams of the pool."""
    out: list[int] = []
    pool: dict[int, set[tuple[int, ...]]] = {}
    history = [[0] * (window + gram - 2)] + [[0] * window for _ in range(gram - 2)]  # last N − 1 Jacobi iterates
    steps = 0
    while len(out) < n:
        steps += 1
        base = (*prompt, *out)
        # Verification branch: the model's own choice after each token of a candidate, in one pass.
        best = [model(base)]
        for candidate in sorted(pool.get(base[-1], ())):
            accepted = [model(base)]
            for token in candidate:
                if token != accepted[-1]:
                    break
                accepted.append(model((*base, *accepted)))
            best = max(best, accepted, key=len)
        # Lookahead branch: position i reads the diagonal of earlier iterates before it.
        newest = []
        for i in range(window):
            trail = [history[0][j] for j in range(i + 1)] + [row[i] for row in history[1:]]
            newest.append(model((*base, *trail)))
        for i in range(window):  # the n-grams that the iterates spell: (first token, the next N − 1)
            spelled = [history[0][i], *(row[i] for row in history[1:]), newest[i]]
            pool.setdefault(spelled[0], set()).add(tuple(spelled[1:]))
        history = [*([*row] for row in history[1:]), newest]
        out += best
    return out[:n], steps


# --8<-- [end:lookahead]
