"""Pages in a real browser: nothing that data or visitors bring along ever runs."""

from pathlib import Path

import httpx
import pytest

from tests.service.conftest import Browse

# Both would change the title of the page that they run in.
SCRIPT = "<script>document.title='it '+'ran'</script>"
IMAGE = "<img src=x onerror=\"document.title='it '+'ran'\">"


def _rendered(browse: Browse, url: str) -> str:
    """The document after the browser has read the page and run whatever it would run."""
    shown = browse(url, "--dump-dom").stdout.decode()
    assert "</html>" in shown, url
    return shown


def test_a_browser_runs_scripts_at_all(browse: Browse, tmp_path: Path) -> None:
    """Otherwise the tests below would say nothing."""
    for number, attack in enumerate((SCRIPT, IMAGE)):
        page = tmp_path / f"{number}.html"
        page.write_text(f"<!doctype html><title>it did not</title>{attack}", encoding="utf-8")
        assert "<title>it ran</title>" in _rendered(browse, page.as_uri())


def test_script_in_a_label_is_text(browse: Browse, specimen_client: httpx.Client) -> None:
    address = specimen_client.base_url.join("/doc/facility/141003-commuter-shelter-0001.html")
    shown = _rendered(browse, str(address))
    assert "&lt;script&gt;document.title" in shown
    assert "it ran" not in shown
    assert 'href="javascript:' not in shown


@pytest.mark.parametrize(
    "address",
    [
        "/doc/area/141178?lang={}",
        "/doc/area/141178?page={}&lang=en",
        "/id/{}",
        "/sparql?query={}",
        "/sparql?query=ASK%7B%7D&example={}",
    ],
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
