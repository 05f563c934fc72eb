"""Which ranks get stuck: docs/distributed/fsdp.md."""

from __future__ import annotations

from labs.distributed.collective_order import calls, first_mismatch


def test_text_only_rank_hangs_the_job() -> None:
    """Page: rank 0 has an image, rank 1 has none: they differ at the very first collective."""
    stuck = first_mismatch([calls(True), calls(False)])
    assert stuck == (0, ["AG vision", "AG language"])
    assert len(calls(True)) == 6 and len(calls(False)) == 3


def test_dummy_image_repairs_it() -> None:
    assert first_mismatch([calls(True, dummy=True), calls(False, dummy=True)]) is None


def test_all_text_is_fine_without_a_dummy() -> None:
    """Page: if no rank has an image, all skip the tower together."""
    assert first_mismatch([calls(False), calls(False)]) is None


def test_one_rank_ends_early() -> None:
    assert first_mismatch([["AG a", "RS a"], ["AG a"]]) == (1, ["RS a", "(done)"])
