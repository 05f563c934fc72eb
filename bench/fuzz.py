"""Ten minutes (FUZZ_S seconds) of random notes through the pass: a crash, or a note over a second, ends it."""

from __future__ import annotations

import os
import time

from tests.test_pass_properties import fuzz


def main() -> None:
    """Print how many notes and characters went through, and the slowest."""
    seconds = float(os.environ.get("FUZZ_S", "600"))
    notes, characters, slowest = fuzz(seconds, int(os.environ.get("FUZZ_SEED", str(time.time_ns()))))
    print(f"{notes} notes, {characters} characters, slowest {slowest:.2f} s: no crash, none over 1 s")


if __name__ == "__main__":
    main()
