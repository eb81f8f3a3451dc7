"""Pages in a real browser: nothing that data or visitors bring along ever runs."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
)


def test_script_in_an_address_is_text(browse: Browse, client: httpx.Client, address: str) -> None:
    attack = httpx.QueryParams({"": SCRIPT + IMAGE})
    shown = _rendered(
        browse, f"{client.base_url.join('/')}{address[1:]}".replace("{}", str(attack)[1:].replace("+", "%20"))
    )
    assert "it ran" not in shown
    assert "<img" not in shown


def test_nothing_on_a_page_is_blocked_by_its_own_policy(browse: Browse, client: httpx.Client, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    options = [f"--screenshot={picture}", "--window-size=390,1200", "--enable-logging=stderr"]
    done = browse(str(client.base_url.join("/doc/area/141178")), *options)
    assert picture.stat().st_size > 10_000
    assert b"Content Security Policy" not in done.stderr
