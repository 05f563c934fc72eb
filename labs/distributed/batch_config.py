r"""DeepSpeed's batch identity: train_batch_size = micro-batch per GPU × accumulation steps × data-parallel size.

Source: DeepSpeed's configuration documentation, "Batch Size Related Parameters".
"""

from __future__ import annotations


# --8<-- [start:batch]
def complete(
    dp: int, *, batch: int | None = None, micro: int | None = None, accumulate: int | None = None
) -> tuple[int, int, int]:
    """Fill in what is missing, as far as it is determined, and refuse what does not multiply. → (batch, micro, k)"""
    if batch is not None:
        if micro is None and accumulate is None:
            accumulate = 1
        if micro is None and accumulate is not None:
            micro = batch // (accumulate * dp)
        elif accumulate is None and micro is not None:
            accumulate = batch // (micro * dp)
    elif micro is not None:
        accumulate = accumulate or 1
        batch = micro * accumulate * dp
    if not batch or not micro or not accumulate or batch != micro * accumulate * dp:
        raise ValueError(f"{batch} != {micro} * {accumulate} * {dp}")
    return batch, micro, accumulate


# --8<-- [end:batch]
