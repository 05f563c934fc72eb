"""Draw the app's icons: `python tools/icons.py /path/to/chromium` makes overrides/assets/offline/*.png of the favicon.

The icons are committed, because a build needs no browser; tests/browser/test_offline.py draws them again and compares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "overrides" / "assets" / "favicon.svg"
TARGET = ROOT / "overrides" / "assets" / "offline"
SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512, "apple-touch-icon.png": 180}
FULL = {"icon-maskable-512.png", "apple-touch-icon.png"}
"""Icons that the system cuts to its own shape: coloured to the edge, the drawing in the circle that always stays."""


def drawing(name: str) -> str:
    """The SVG of an icon."""
    svg = SOURCE.read_text("utf-8")
    if name not in FULL:
        return svg
    return re.sub(
        r'<rect [^>]*fill="([^"]+)"/>', r'<rect x="-3" y="-3" width="30" height="30" fill="\1"/>', svg
    ).replace('viewBox="0 0 24 24"', 'viewBox="-3 -3 30 30"')


def png(browser: Browser, name: str) -> bytes:
    """An icon as PNG."""
    size = SIZES[name]
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawing(name)}")
    content = page.screenshot(omit_background=name not in FULL)
    page.close()
    return content


def main() -> None:
    """Write every icon."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=sys.argv[1])
        for name in SIZES:
            (TARGET / name).write_bytes(png(browser, name))
        browser.close()


if __name__ == "__main__":
    main()
