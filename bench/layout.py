"""Look at every page of the site in the browser; `make test` looks at one in ten."""

from __future__ import annotations

import os
import subprocess
import sys

COMMAND = [sys.executable, "-m", "pytest", "-n", "auto", "tests/browser/test_layout.py", "-k", "pages_fit"]

if __name__ == "__main__":
    raise SystemExit(subprocess.run(COMMAND, env=os.environ | {"EVERY_PAGE": "1"}, check=False).returncode)
