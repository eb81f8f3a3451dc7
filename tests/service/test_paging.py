"""Documents stay small; what does not fit is reachable by `next`."""

import re
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service
from service.engine.lookup import Lookup
from service.things.descriptions import OWN_SIZE, PAGE_SIZE

WARD = "/data/area/141054.nt"
BASE = "http://localhost:8000/"
POINTS, OTHER = f"{BASE}def/test#points", f"{BASE}def/test#other"


def _walk(client: httpx.Client, address: str) -> list[set[str]]:
    """The triples of each page, following `next`."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        pages.append(set(answer.text.splitlines()))
        found = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
        address = found[1] if found else ""
    return pages


def test_next_leads_through_everything_that_points_to_a_ward(client: httpx.Client, service: Service) -> None:
    pages = _walk(client, WARD)
    assert len(pages) > 2
    ward = service.urls.iri("/id/area/141054")
    pointing = [
        {each for each in page if each.endswith(f"<{ward}> .") and "primaryTopic" not in each} for page in pages
    ]
    assert all(len(each) <= PAGE_SIZE for each in pointing)
    assert sum(map(len, pointing)) == len(set().union(*pointing)), "nothing twice"
    store = ox.Store.read_only(str(service.release.store))
    quads = list(store.quads_for_pattern(None, None, ox.NamedNode(ward), None))
    expected = {str(quad.triple) + " ." for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    assert set().union(*pointing) == expected


def test_every_page_holds_what_the_thing_says_itself(client: httpx.Client, service: Service) -> None:
    label = f'<{service.urls.iri("/id/area/141054")}> <http://www.w3.org/2000/01/rdf-schema#label> "南区"@ja .'
    assert all(label in page for page in _walk(client, WARD))


def test_what_is_rare_comes_first(client: httpx.Client) -> None:
    first = client.get(WARD).text
    assert first.count("prov#specializationOf") == 2, "its two versions, among hundreds of observations"


def test_pages_link_back_and_forth(client: httpx.Client) -> None:
    link = client.get(f"{WARD}?page=2").headers["Link"]
    assert f'<{WARD}>; rel="prev"' in link
    assert f'<{WARD}?page=3>; rel="next"' in link


def test_a_page_beyond_the_last_is_not_found(client: httpx.Client) -> None:
    for path in (f"{WARD}?page=500", "/data/code/age/total.ttl?page=9000"):
        assert client.get(path).status_code == 404


def test_pages_far_from_the_first_come_too(client: httpx.Client) -> None:
    address, seen = "/data/code/age/total.nt?page=10", 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        seen += answer.text.count("sdmx/2009/dimension#age>")
        found = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
        address = found[1] if found and seen < 150 else ""
    assert seen > 100


def test_next_leads_through_everything_that_a_thing_says_and_names_it_each_time(
    client: httpx.Client, service: Service
) -> None:
    report = service.urls.iri(f"/graph/quality/{service.release.id}")
    pages = _walk(client, f"/data/graph/quality/{service.release.id}.nt")
    said = [
        {each for each in page if each.startswith(f"<{report}> <http://www.w3.org/ns/shacl#result> ")} for page in pages
    ]
    assert len(pages) > 5
    assert sum(map(len, said)) == len(set().union(*said)) > 5_000
    label = f'<{report}> <http://www.w3.org/2000/01/rdf-schema#label> "検証の報告"@ja .'
    assert all(label in page for page in pages)


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "", "1e3", "1000000000", "١", "1" * 5_000, "007", "0" * 9 + "1" + "9" * 5_000, "<script>"]
)
def test_a_page_that_is_no_number_is_refused_with_what_is_expected(client: httpx.Client, page: str) -> None:
    answer = client.get(WARD, params={"page": page})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "page"
    assert "from 1 to" in answer.json()["detail"]


def test_links_of_a_page_lead_to_the_same_page_in_other_formats(client: httpx.Client) -> None:
    for address in ("/doc/area/141054?page=2", "/data/area/141054.ttl?page=2"):
        links = client.get(address, headers={"Accept": "text/html, */*;q=0.1"}).headers["Link"]
        found = re.findall(r'<([^>]+)>; rel="(alternate|canonical)"', links)
        places = [place for place, _ in found if "profile=" not in place]
        assert len(places) > 4
        assert all(place.endswith("?page=2") for place in places), places


def test_a_profile_has_one_page(client: httpx.Client) -> None:
    assert 'rel="next"' not in client.get(f"{WARD}?profile=imi").headers["Link"]
    assert client.get(f"{WARD}?profile=imi&page=2").status_code == 404


# --- a store of its own, with more of everything ------------------------------------------------------


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    """A hub that 3,000 things point to in three ways, in two graphs; invented."""
    folder = tmp_path_factory.mktemp("hub")
    store = ox.Store(str(folder))
    node = ox.NamedNode
    hub, points, other = node(f"{BASE}id/hub"), node(POINTS), node(OTHER)
    kind = node("http://www.w3.org/1999/02/22-rdf-syntax-ns#Property")
    a = node("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.extend(
        [
            ox.Quad(points, a, kind),
            ox.Quad(other, a, kind),
            *(ox.Quad(node(f"{BASE}id/n/{each}"), points, hub) for each in range(3_000)),
            *(ox.Quad(node(f"{BASE}id/n/{each}"), other, hub) for each in range(3)),
            # The same again in named graphs, and something that only they say.
            *(ox.Quad(node(f"{BASE}id/n/{each}"), points, hub, node(f"{BASE}graph/a")) for each in range(50)),
            *(ox.Quad(node(f"{BASE}id/m/{each}"), points, hub, node(f"{BASE}graph/a")) for each in range(50)),
            *(ox.Quad(node(f"{BASE}id/m/{each}"), points, hub, node(f"{BASE}graph/b")) for each in range(50)),
            # A property that no vocabulary declares.
            *(ox.Quad(node(f"{BASE}id/n/{each}"), node(f"{BASE}def/test#odd"), hub) for each in range(7)),
            *(ox.Quad(hub, points, node(f"{BASE}id/n/{each}")) for each in range(1_200)),
            # Another one, that nodes without an address and itself point to as well.
            *(ox.Quad(node(f"{BASE}id/o/{each}"), points, node(f"{BASE}id/odd")) for each in range(1_500)),
            *(ox.Quad(ox.BlankNode(f"b{each}"), points, node(f"{BASE}id/odd")) for each in range(1_500)),
            ox.Quad(node(f"{BASE}id/odd"), points, node(f"{BASE}id/odd")),
        ]
    )
    store.flush()
    del store
    return Lookup(Path(folder), BASE)


def test_a_triple_in_several_graphs_is_told_once(lookup: Lookup) -> None:
    told: list[tuple[str, str]] = []
    more, page = True, 0
    while more:
        found, more = lookup.pointing_to(f"{BASE}id/hub", page * PAGE_SIZE, PAGE_SIZE)
        told += found
        page += 1
    assert len(told) == len(set(told)) == 3_000 + 3 + 50 + 7


def test_undeclared_properties_come_last_but_come(lookup: Lookup) -> None:
    found, more = lookup.pointing_to(f"{BASE}id/hub", 3_050, PAGE_SIZE)
    assert not more
    assert [name for _, name in found][-7:] == [f"{BASE}def/test#odd"] * 7


def test_far_pages_go_on_where_near_ones_end(lookup: Lookup) -> None:
    count = lookup.pointing_count(f"{BASE}id/hub")
    assert count == 3_060
    whole = [each for skip in (0, count - 1) for each in lookup.pointing_to(f"{BASE}id/hub", skip, count - 1)[0]]
    assert len(set(whole)) == count
    for skip in (900, 999, 1_000, 1_001, 2_950, 3_003, 3_052, 3_053, 3_059, 3_060, 9_999):
        found, more = lookup.pointing_to(f"{BASE}id/hub", skip, PAGE_SIZE)
        assert found == whole[skip : skip + PAGE_SIZE]
        assert more is (skip + PAGE_SIZE < len(whole))


def test_what_points_from_nodes_without_an_address_or_from_itself_does_not_count(lookup: Lookup) -> None:
    assert lookup.pointing_count(f"{BASE}id/odd") == 1_500
    near, more = lookup.pointing_to(f"{BASE}id/odd", 0, 1_400)
    far, none = lookup.pointing_to(f"{BASE}id/odd", 1_400, PAGE_SIZE)
    assert (more, none) == (True, False)
    assert len({*near, *far}) == 1_500


def test_the_page_says_how_much_points_to_a_thing(client: httpx.Client, service: Service) -> None:
    count = service.entities.describer.pointing_count(service.urls.iri("/id/area/141178"))
    for page in ("", "&page=2"):
        answer = client.get(f"/doc/area/141178?lang=ja{page}")
        assert f"これを参照しているもの: 全{count:,}件" in answer.text
    small = client.get("/doc/facility/141003-disaster-base-0300?lang=en").text
    assert re.search(r"What refers to this: \d+ in all", small) or "What refers to this" not in small


def test_pages_have_no_last_number(client: httpx.Client) -> None:
    """The 416,753rd of what points to a day is on page 4,168, and nothing is beyond it."""
    period = "/data/period/2021-09-30.nt"
    assert client.get(f"{period}?page=4168").status_code == 200
    for page in (4_169, 10_000, 999_999_999):
        assert client.get(f"{period}?page={page}").status_code == 404


def test_a_thing_that_says_more_than_fits_is_paged_too(lookup: Lookup) -> None:
    seen: set[str] = set()
    more, page = True, 0
    while more:
        properties, more = lookup.about(f"{BASE}id/hub", page * OWN_SIZE, OWN_SIZE)
        values = {each.value for each in properties[POINTS]}
        assert len(values) <= OWN_SIZE
        assert not values & seen
        seen |= values
        page += 1
    assert len(seen) == 1_200
    assert page == 3
