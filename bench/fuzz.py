"""Ten minutes (FUZZ_S seconds) of random notes through the pass: a crash, or a note over a second, ends it."""

from __future__ import annotations

import os
import random
import sys
import time
import traceback

from tests.test_pass_properties import ATOMS, render

SECONDS = float(os.environ.get("FUZZ_S", "600"))


def main() -> int:
    """Print how many notes and characters went through and the slowest of them; 1 when something went wrong."""
    end = time.monotonic() + SECONDS
    seed = int(os.environ.get("FUZZ_SEED", str(time.time_ns())))
    notes = characters = 0
    slowest = 0.0
    while time.monotonic() < end:
        seed += 1
        chance = random.Random(seed)
        pool = chance.sample(ATOMS, chance.randrange(2, 12))
        text = "".join(chance.choices(pool, k=chance.choice((30, 300, 3_000, 30_000))))[:100_000]
        start = time.process_time()
        try:
            render(text)
        except Exception:
            traceback.print_exc()
            print(f"crash: FUZZ_SEED={seed - 1}", file=sys.stderr)
            return 1
        took = time.process_time() - start
        slowest = max(slowest, took)
        notes, characters = notes + 1, characters + len(text)
        if took > 1:
            print(f"slow: {took:.2f} s for {len(text)} characters: FUZZ_SEED={seed - 1}", file=sys.stderr)
            return 1
    print(f"{notes} notes, {characters} characters, slowest {slowest:.2f} s: no crash, none over 1 s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
