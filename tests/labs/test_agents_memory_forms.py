"""Three forms of memory: break-even points against a scan over uses; the numbers of memos.md."""

from __future__ import annotations

import pytest

from labs.agents.memory_forms import TOKEN_BYTES, break_even, forms, load_share

RHO = load_share(1000, 8.03e9, 4e14, TOKEN_BYTES, 2.5e10)
FORMS = forms(1000, 20, 3, RHO)


@pytest.mark.parametrize(
    ("cheap", "dear", "printed"),
    [("plaintext", "activation", 1.15), ("plaintext", "parametric", 180), ("activation", "parametric", 1371)],
)
def test_break_even_is_where_a_scan_finds_it(cheap: str, dear: str, printed: float) -> None:
    a, b = FORMS[cheap], FORMS[dear]
    first = next(u for u in range(5000) if b.total(u) <= a.total(u))
    exact = break_even(a, b)
    assert first - 1 < exact <= first
    assert abs(exact - printed) < 0.5 * 10 ** -(2 if printed < 10 else 0)


def test_numbers_of_the_page() -> None:
    assert round(RHO, 2) == 0.13 and TOKEN_BYTES == 128 * 2**10
    assert 1000 * TOKEN_BYTES == 125 * 2**20
    assert load_share(10, 8.03e9, 4e14, TOKEN_BYTES, 2.5e10) == pytest.approx(RHO)  # the length cancels
