"""The Chromium of this machine, for what prints, draws, measures and tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATION = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FEATURES_OFF = [
    # The address bar of each window loads two pages of its own, several times the work of a page of the site.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright turns off (its chromiumSwitches.ts): of several lists Chromium heeds the last alone.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
# Nothing but the pages it is given may use the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
]


def chromium() -> str | None:
    """The program that CHROMIUM names, or else one on the PATH or among the applications; None where there is none."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return named or found or (str(APPLICATION) if APPLICATION.exists() else None)
