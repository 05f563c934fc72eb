"""The batch identity: docs/distributed/deepspeed.md."""

from __future__ import annotations

import pytest

from labs.distributed.batch_config import complete
from labs.numerics.training_memory import MIXED_ADAM


@pytest.mark.parametrize("dp", [1, 3, 8])
@pytest.mark.parametrize("micro", [1, 4])
@pytest.mark.parametrize("k", [1, 5])
def test_any_two_give_the_third(dp: int, micro: int, k: int) -> None:
    want = (dp * micro * k, micro, k)
    assert complete(dp, micro=micro, accumulate=k) == want
    assert complete(dp, batch=want[0], micro=micro) == want
    assert complete(dp, batch=want[0], accumulate=k) == want
    assert complete(dp, batch=want[0], micro=micro, accumulate=k) == want


def test_one_is_enough_except_accumulation() -> None:
    """Page: the batch or the micro-batch alone means k = 1; the accumulation steps alone determine nothing."""
    assert complete(8, batch=256) == (256, 32, 1)
    assert complete(8, micro=4) == (32, 4, 1)
    with pytest.raises(ValueError):
        complete(8, accumulate=4)


def test_page_numbers() -> None:
    """Page: 64 cards with TP 4, PP 2 make DP 8; 4 × 16 × 8 = 512; moving to 6-way DP breaks the same file."""
    assert 64 // (4 * 2) == 8
    assert complete(8, batch=512, micro=4) == (512, 4, 16)
    assert MIXED_ADAM.zero(2, 8) * 7 == pytest.approx(26, abs=0.5)  # question: 7B on 8 cards
    assert MIXED_ADAM.zero(3, 8) * 7 == 14
    with pytest.raises(ValueError, match="512 != 4 \\* 21 \\* 6"):
        complete(6, batch=512, micro=4)
