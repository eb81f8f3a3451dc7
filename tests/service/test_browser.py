"""Pages in a real browser: nothing that data or visitors bring along ever runs."""

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> str:
    """A Chromium; installed where that is allowed. Only where it is neither there nor to be had, the tests are skipped."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False, timeout=600)
        found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail("no Chromium here, and apt-get could not install it")
        pytest.skip("no Chromium here, and no right to install it")
    return found


def _rendered(browser: str, url: str, profile: Path) -> str:
    """The document after the browser has read the page and run whatever it would run."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--virtual-time-budget=2000", f"--user-data-dir={profile}", "--dump-dom"]  # fmt: skip
    done = subprocess.run([browser, *options, url], capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


def test_a_browser_runs_scripts_at_all(browser: str, tmp_path: Path) -> None:
    """Otherwise the tests below would say nothing."""
    page = tmp_path / "page.html"
    page.write_text("<p id=p></p><script>document.getElementById('p').textContent = 'it ' + 'ran'</script>")
    assert "it ran" in _rendered(browser, page.as_uri(), tmp_path / "profile")


def test_script_in_a_label_is_text(browser: str, specimen_client: httpx.Client, tmp_path: Path) -> None:
    url = f"{specimen_client.base_url}doc/facility/141003-commuter-shelter-0001.html"
    shown = _rendered(browser, url, tmp_path)
    assert "&lt;script&gt;" in shown
    assert "it ran" not in shown
    assert 'href="javascript:' not in shown


def test_script_in_a_parameter_or_path_is_text(browser: str, client: httpx.Client, tmp_path: Path) -> None:
    attack = "%3Cscript%3Edocument.title='it%20'%2B'ran'%3C/script%3E%3Cimg%20src=x%20onerror=document.title='it%20'%2B'ran'%3E"
    for number, path in enumerate((f"doc/area/141178?lang={attack}", f"id/{attack}", f"sparql?query={attack}&example={attack}",
                                   f"doc/area/141178?page={attack}&x={attack}")):  # fmt: skip
        shown = _rendered(browser, f"{client.base_url}{path}", tmp_path / str(number))
        assert "<title>it ran" not in shown
        assert "<img" not in shown


def test_a_page_shows_its_style_under_its_own_policy(browser: str, client: httpx.Client, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--hide-scrollbars", "--window-size=390,1200", f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}",
               "--enable-logging=stderr", "--v=0"]  # fmt: skip
    done = subprocess.run(
        [browser, *options, f"{client.base_url}doc/area/141178"], capture_output=True, timeout=60, check=True
    )
    assert picture.stat().st_size > 10_000
    assert b"Content Security Policy" not in done.stderr, "nothing on the page is blocked"
