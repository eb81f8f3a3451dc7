"""Lists over HTTP: formats, links, paging to the end, errors, and the document that says all this to programs."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest

from service.lists.kinds import KINDS
from service.lists.openapi import FLAT_FORMATS, FORMATS
from service.lists.writing import HYDRA

PAGE = "/facilities?type=evacuation-site&ward=141011&limit=20"


def path_of(url: str) -> str:
    """A link of ours without its host, for the server under test."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_list_comes_in_every_format_by_accept_by_extension_and_by_parameter(
    kind: Any, client: httpx.Client
) -> None:
    for format_ in FORMATS if kind.located else FLAT_FORMATS:
        answers = (
            client.get(kind.path, headers={"Accept": format_.media_type}),
            client.get(f"{kind.path}.{format_.extension}"),
            client.get(kind.path, params={"format": format_.extension}),
        )
        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(format_.media_type)
            assert answer.headers["access-control-allow-origin"] == "*"


def test_following_next_visits_everything_once(client: httpx.Client) -> None:
    first = client.get("/facilities", params={"limit": 700, "count": "true"})
    found, total = [], first.json()["totalItems"]
    address: str | None = path_of(str(first.url))
    while address:
        page = client.get(address).json()
        found += [each["id"] for each in page["items"]]
        following = page["view"]["next"]
        address = path_of(following["id"]) if following else None
    assert len(found) == len(set(found)) == total > 4_000


def test_the_link_header_leads_on_and_names_the_licence(client: httpx.Client) -> None:
    answer = client.get(PAGE)
    assert client.get(path_of(answer.links["next"]["url"])).status_code == 200
    assert answer.links["license"]["url"].startswith("https://")
    assert answer.links["service-desc"]["url"] == "/openapi.json"


def test_json_ld_and_turtle_of_a_page_say_the_same(
    client: httpx.Client, expanded: Callable[[bytes], ox.Dataset]
) -> None:
    for kind in KINDS:
        page = f"{kind.path}?limit=30&count=true"
        ours = expanded(client.get(page).content)
        turtle = client.get(page, headers={"Accept": "text/turtle"}).content
        theirs = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        for each in (ours, theirs):
            each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert set(ours) == set(theirs)


def test_geojson_has_numbers_links_and_the_credit(client: httpx.Client) -> None:
    page = client.get(PAGE, params={"format": "geojson", "count": "1"} | dict(httpx.URL(PAGE).params)).json()
    assert (page["type"], page["numberReturned"]) == ("FeatureCollection", 20)
    assert page["numberMatched"] > 20
    assert "国土地理院" in page["attribution"][0]
    feature = page["features"][0]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert 139 < longitude < 140
    assert 35 < latitude < 36
    assert feature["properties"]["name"] == feature["properties"]["label"]["ja"]
    assert [each["rel"] for each in page["links"]] == ["self", "first", "next"]


def test_a_list_has_the_same_name_in_every_format(client: httpx.Client) -> None:
    plain = client.get("/areas?level=ward").json()["id"]
    assert plain.endswith("/areas?level=ward")
    assert client.get("/areas.json?level=ward&limit=3&count=true&lang=en").json()["id"] == plain
    turtle = ox.Store()
    turtle.load(client.get("/areas.ttl?level=ward&limit=3").content, format=ox.RdfFormat.TURTLE)
    assert [each.subject.value for each in turtle.quads_for_pattern(None, ox.NamedNode(f"{HYDRA}view"), None)] == [
        plain
    ]


def test_csv_has_a_row_a_thing_and_is_the_same_on_every_machine(client: httpx.Client) -> None:
    answer = client.get("/facilities.csv", params={"type": "evacuation-site", "limit": 5})
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == 5
    assert rows[0]["type"] == "evacuation-site"
    assert set(rows[0]["hazards"].split()) <= {
        "flood", "landslide", "storm-surge", "earthquake", "tsunami", "large-fire", "inland-flood", "volcano",
    }  # fmt: skip
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert client.get(f"{answer.url.path}?{answer.url.query.decode()}&bom=1").content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("query", "language", "heading", "ward"),
    [("", "ja", "area_name", "鶴見区"), ("&lang=ja", "ja", "区", "鶴見区"), ("&lang=en", "en", "Ward", "Tsurumi-ku")],
)
def test_a_csv_is_in_the_language_asked_for(
    query: str, language: str, heading: str, ward: str, client: httpx.Client
) -> None:
    answer = client.get(f"/facilities.csv?ward=141011&limit=1{query}", headers={"Accept-Language": "en"})
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (answer.headers["content-language"], row[heading]) == (language, ward)


@pytest.mark.parametrize("list_", ["/facilities", "/areas", "/datasets", "/observations?dataset=population-town-age"])
def test_no_two_headings_of_a_csv_are_the_same(list_: str, client: httpx.Client) -> None:
    for language in ("", "ja", "en"):
        given = {"format": "csv", "limit": "1"} | ({"lang": language} if language else {})
        answer = client.get(list_, params={**httpx.URL(list_).params, **given})
        [header, _] = csv.reader(io.StringIO(answer.text, newline=""))
        assert len(set(header)) == len(header) > 5
        assert all(header)


def test_texts_of_data_sets_are_in_the_language_asked_for(client: httpx.Client) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/datasets.csv?lang=en").text, newline=""))
    described = {row["Identifier"]: row["Description"] for row in rows}
    assert described["disaster-shelters"].startswith("Names, addresses and positions")


@pytest.mark.parametrize("query", ["lang=fr", "lang=ja&lang=en", "bom=7"])
@pytest.mark.parametrize("extension", [".csv", ".json", ".html"])
def test_a_language_that_there_is_not_is_refused(query: str, extension: str, client: httpx.Client) -> None:
    answer = client.get(f"/facilities{extension}?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, query.partition("=")[0])


def test_an_unknown_parameter_is_refused_with_those_that_there_are(client: httpx.Client) -> None:
    answer = client.get("/facilities?kind=park")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["parameter"], "type" in answer.json()["allowed"]) == ("kind", True)


def test_a_format_that_there_is_not_is_refused(client: httpx.Client) -> None:
    assert client.get("/datasets.geojson").status_code == 404
    assert client.get("/datasets?format=geojson").json()["parameter"] == "format"
    answer = client.get("/facilities", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/geo+json" in answer.json()["available"]


@pytest.mark.parametrize("hostile", ["%00", "%F0%9F%92%A3", "'; DROP TABLE thing; --", '" OR 1=1', "%25", "\u202e"])
def test_hostile_text_is_searched_for_or_refused(hostile: str, client: httpx.Client) -> None:
    for name in ("q", "ward", "after", "bbox", "sort", "near"):
        answer = client.get("/facilities", params={name: hostile})
        assert answer.status_code in {200, 400}
    assert client.get("/facilities?limit=1").json()["items"]


def test_an_unchanged_page_is_not_sent_again(client: httpx.Client) -> None:
    answer = client.get(PAGE)
    again = client.get(PAGE, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(PAGE)
    assert (head.headers["content-length"], head.content) == (answer.headers["content-length"], b"")


# --- OpenAPI ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for operation in methods.values():
            if "lists" in operation.get("tags", ()):
                yield path, operation


def test_a_generated_client_can_call_every_list_with_the_example_of_every_parameter(
    client: httpx.Client, openapi: dict[str, Any]
) -> None:
    """As a generator would write the calls: an argument a parameter, and a check of the answer against its schema."""
    called = 0
    for path, operation in operations(openapi):
        examples = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        needed = {each["name"]: each["example"] for each in operation["parameters"] if each["required"]}
        together = {name: value for name, value in examples.items() if name != "format"}
        for arguments in ({}, *({name: value} for name, value in examples.items() if name != "within"), together):
            answer = client.get(path, params=needed | arguments)
            assert answer.status_code == 200, (path, arguments, answer.text)
            documented = operation["responses"]["200"]["content"]
            media_type = answer.headers["content-type"].partition(";")[0]
            check(answer.json(), documented[media_type]["schema"])
            assert len(answer.json()["items"]) > 0 or arguments is together
            called += 1
    assert called > 30
    assert {each["operationId"] for _, each in operations(openapi)} == {
        f"list_{name}" for name in (*(kind.name for kind in KINDS), "observations")
    }


def test_every_answer_is_of_a_documented_kind(client: httpx.Client, openapi: dict[str, Any]) -> None:
    for path, operation in operations(openapi):
        needed = {each["name"]: each["example"] for each in operation["parameters"] if each["required"]}
        for media_type in operation["responses"]["200"]["content"]:
            answer = client.get(path, params=needed, headers={"Accept": media_type})
            assert answer.headers["content-type"].startswith(media_type)
        refused = client.get(path, params={"no": "such"})
        check(refused.json(), operation["responses"]["400"]["content"]["application/problem+json"]["schema"])


def check(value: Any, schema: dict[str, Any]) -> None:
    """The part of JSON Schema that the document uses."""
    if "oneOf" in schema:
        assert sum(fits(value, each) for each in schema["oneOf"]) == 1
        return
    if "const" in schema:
        assert value == schema["const"]
    types = schema.get("type", [])
    assert any(is_a(value, each) for each in ([types] if isinstance(types, str) else types)) or not types, (
        value,
        schema,
    )
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        for name, each in schema.get("properties", {}).items():
            if name in value:
                check(value[name], each)
    if isinstance(value, list) and "items" in schema:
        for each in value:
            check(each, schema["items"])


def fits(value: Any, schema: dict[str, Any]) -> bool:
    try:
        check(value, schema)
    except AssertionError:
        return False
    return True


def is_a(value: Any, type_: str) -> bool:
    kinds = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool, "number": (int, float)}
    return (
        isinstance(value, int) and not isinstance(value, bool)
        if type_ == "integer"
        else isinstance(value, kinds[type_])
    )


def test_the_openapi_document_is_sound(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1")
    json.dumps(openapi)
    for _, operation in operations(openapi):
        names = [each["name"] for each in operation["parameters"]]
        assert len(names) == len(set(names))
        for each in operation["parameters"]:
            assert {"name", "in", "description", "schema"} <= set(each)
            assert " / " in each["description"]
