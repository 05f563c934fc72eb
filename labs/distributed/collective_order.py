r"""Why a rank without images can stop all the others: collectives are matched by their order, not by their name.

Each rank is the list of collectives that it will call, e.g. "AG vision" for the all-gather of the vision tower.
"""

from __future__ import annotations

from itertools import zip_longest


# --8<-- [start:order]
def calls(has_image: bool, dummy: bool = False) -> list[str]:
    """All-gathers and reduce-scatters of one step of a vision-language model with one unit per part."""
    sees = has_image or dummy  # a dummy image is sent through the tower and its output multiplied by 0
    forward = (["AG vision"] if sees else []) + ["AG language"]
    backward = ["AG language", "RS language"] + (["AG vision", "RS vision"] if sees else [])
    return forward + backward


def first_mismatch(ranks: list[list[str]]) -> tuple[int, list[str]] | None:
    """Position and calls at which the ranks disagree: there the job hangs (or mixes data); None if it runs through."""
    for i, row in enumerate(zip_longest(*ranks, fillvalue="(done)")):
        if len(set(row)) > 1:
            return i, list(row)
    return None


# --8<-- [end:order]
