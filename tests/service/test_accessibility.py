"""Pages in a real browser, as wide as a desk and as a phone: under the rules of axe-core (WCAG 2.1, level AA), and
whether they fit."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.conftest import Browse

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
STYLE = Path(__file__).parents[2] / "service" / "static" / "site.css"
PAGES = (
    "/",
    "/facilities?ward=141178&hazard=flood&limit=10",
    "/facilities?bbox=here",
    "/areas?level=ward",
    "/datasets",
    "/observations?dataset=population-ward-month&limit=10",
    "/doc/area/141178",
    "/doc/facility/141003-disaster-base-0300",
    "/def/core",
    "/quality",
    "/cubes",
    "/cubes/population-ward-age",
    "/sparql",
)
RUN = """<script src="axe.js"></script><script>
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(result =>
  parent.postMessage({address: document.title, checked: result.passes.length, found: result.violations.map(
    each => [each.id, each.help, each.nodes.map(node => node.html).slice(0, 3)])}, "*"))</script>"""
MEASURE = """<script>addEventListener("load", () => parent.postMessage(
  {address: document.title, excess: document.documentElement.scrollWidth - innerWidth}, "*"))</script>"""
# Every page in a frame of its own, and what was found in it as text.
HOST = """<!doctype html><html lang="en"><title>host</title><pre id="found">[]</pre><script>const found = [];
addEventListener("message", event => { found.push(event.data);
document.getElementById("found").textContent = JSON.stringify(found); });</script>"""


def _page(client: httpx.Client, address: str, language: str = "en") -> str:
    """The page by itself, with its style in it."""
    text = client.get(address, headers={"Accept": "text/html", "Accept-Language": language}).text
    text = re.sub(r'<link rel="(?:stylesheet|icon)"[^>]*>', "", text)
    text = re.sub(r"<title[^>]*>.*?</title>", f"<title>{address}</title>", text, count=1, flags=re.DOTALL)
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    return text.replace("</head>", style + "</head>")


MISTAKE = """<!doctype html><html lang="en"><head><title>mistake</title></head><body><main><h1>Mistakes</h1>
<p style="color: #999; background: #fff">Pale</p><img src="x.png"><input></main></body></html>"""


@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_nothing_to_mend(browse: Browse, client: httpx.Client, tmp_path: Path, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/node")
    pages = [MISTAKE, *(_page(client, address) for address in PAGES)]
    (tmp_path / "axe.js").write_bytes(AXE.read_bytes())
    results = {each["address"]: each for each in _found(browse, pages, RUN, tmp_path, width)}
    assert set(results) == {"mistake", *PAGES}
    assert {each[0] for each in results.pop("mistake")["found"]} == {"color-contrast", "image-alt", "label"}
    assert all(each["checked"] > 10 for each in results.values())
    assert {address: each["found"] for address, each in results.items() if each["found"]} == {}


WIDE = "<!doctype html><html><head><title>wide</title></head><body><p style='width: 30rem'>Wide</p></body></html>"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_page_is_wider_than_a_phone(browse: Browse, client: httpx.Client, tmp_path: Path, language: str) -> None:
    pages = [WIDE, *(_page(client, address, language) for address in PAGES)]
    excess = {each["address"]: each["excess"] for each in _found(browse, pages, MEASURE, tmp_path, 390)}
    assert excess.pop("wide") > 0
    assert set(excess) == set(PAGES)
    assert {address: each for address, each in excess.items() if each > 0} == {}


def _found(browse: Browse, pages: list[str], script: str, folder: Path, width: int) -> list[dict[str, Any]]:
    """What a script says of each page. For axe: its title, how many rules held, and what broke the others."""
    frames = []
    for number, page in enumerate(pages):
        checked = page.replace("</body>", f"{script}</body>")
        (folder / f"{number}.html").write_text(checked, encoding="utf-8")
        frames.append(f'<iframe title="{number}" width="{width}" height="900" src="{number}.html"></iframe>')
    host = folder / "host.html"
    host.write_text(HOST + "".join(frames), encoding="utf-8")
    shown = browse(host.as_uri(), "--dump-dom", "--virtual-time-budget=60000").stdout.decode()
    found = re.search(r'<pre id="found">(.*?)</pre>', shown, re.DOTALL)
    assert found
    results: list[dict[str, Any]] = json.loads(unescape(found[1]))
    return results
