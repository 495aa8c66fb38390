"""Make sure there is a Chromium for the browser tests, or say loudly that they will be skipped.

Found on the PATH or in Playwright's own folder, nothing happens. Missing, it is installed: with apt-get as root, else by
Playwright into the home directory. Where that cannot be done the tests skip themselves – except in CI, where it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The browser's program, if there is one."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def _attempts() -> list[list[list[str]]]:
    """Ways to install one, each a list of commands."""
    by_playwright = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        return [[install], [["apt-get", "update", "--quiet"], install], by_playwright]
    return [by_playwright]


def install() -> bool:
    """Try to install one; returns whether there is one now."""
    print("• no Chromium here: installing one for the browser tests (about half a minute)", flush=True)
    for commands in _attempts():
        codes = [subprocess.run(command, capture_output=True, check=False).returncode for command in commands]
        if codes[-1] == 0 and chromium():
            return True
    return False


def main() -> int:
    """Entry point; the exit code is 1 only in CI without a browser."""
    if chromium() or install():
        return 0
    print(
        "! NO CHROMIUM: the browser tests will be skipped. Install chromium and run this again to run them.", flush=True
    )
    return int(bool(os.environ.get("CI")))


if __name__ == "__main__":
    sys.exit(main())
