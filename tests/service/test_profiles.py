"""A thing in the words of IMI alone, and as GeoJSON: by parameter, by extension, by header."""

import httpx
import pyoxigraph as ox
import pytest

IC = "http://imi.go.jp/ns/core/rdf#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SITE = "/data/facility/141003-evacuation-1410000001201"


def triples(answer: httpx.Response, format_: ox.RdfFormat = ox.RdfFormat.TURTLE) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(answer.content, format=format_)]


def test_a_facility_in_imi_uses_no_other_words(client: httpx.Client) -> None:
    answer = client.get(f"{SITE}?profile=imi", headers={"Accept": "text/turtle"})
    found = triples(answer)
    assert {each.predicate.value for each in found} > {f"{IC}名称", f"{IC}住所", f"{IC}地理座標", f"{IC}ID"}
    assert all(each.predicate.value.startswith(IC) or each.predicate.value == f"{RDF}type" for each in found)
    assert all(not each.object.language for each in found if isinstance(each.object, ox.Literal))
    assert answer.headers["content-profile"] == f"<{IC}>"
    assert f'<{IC}>; rel="profile"' in answer.headers["link"]


def test_the_written_name_stands_where_the_definition_sheets_say(client: httpx.Client) -> None:
    """施設 > 名称 > 表記."""
    store = ox.Store()
    store.load(client.get(f"{SITE}.ttl?profile=imi").content, format=ox.RdfFormat.TURTLE)
    query = f"PREFIX ic: <{IC}> SELECT ?name {{ ?s a ic:施設型 ; ic:名称/ic:表記 ?name ; ic:住所/ic:区 '旭区' }}"
    assert [row["name"].value for row in store.query(query)] == ["横浜市立さちが丘小学校　体育館"]


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld"])
def test_the_profile_comes_in_every_syntax(extension: str, client: httpx.Client) -> None:
    answer = client.get(f"{SITE}.{extension}?profile=imi")
    assert answer.status_code == 200
    assert "名称" in answer.content.decode() or "\\u540D" in answer.text


def test_a_client_may_ask_for_the_profile_by_header(client: httpx.Client) -> None:
    answer = client.get(SITE, headers={"Accept-Profile": f"<{IC}>", "Accept": "text/turtle"})
    assert answer.headers["content-profile"] == f"<{IC}>"
    assert "Accept-Profile" in answer.headers["vary"]
    plain = client.get(SITE, headers={"Accept-Profile": "<urn:example:other>", "Accept": "text/turtle"})
    assert "content-profile" not in plain.headers
    assert f'profile="{IC}"' in plain.headers["link"]
    assert plain.headers["etag"] != answer.headers["etag"]


def test_a_profile_that_does_not_fit_is_refused_or_not_insisted_on(client: httpx.Client) -> None:
    cube = "/data/dataset/population-ward-month"
    assert client.get(f"{cube}?profile=imi").status_code == 406
    assert client.get(cube, headers={"Accept-Profile": f"<{IC}>"}).status_code == 200
    answer = client.get(f"{SITE}?profile=dcat")
    assert (answer.status_code, answer.json()["allowed"]) == (400, ["imi"])
    assert client.get(f"{SITE}.html?profile=imi").status_code == 406


def test_readings_are_in_katakana(client: httpx.Client) -> None:
    readings = {
        each.object.value
        for path in ("/data/area/141011", "/data/area/141003", "/data/facility/141003-disaster-base-0001")
        for each in triples(client.get(f"{path}.ttl?profile=imi"))
        if each.predicate.value == f"{IC}カナ表記" and isinstance(each.object, ox.Literal)
    }
    assert readings == {"ツルミク", "ヨコハマシ", "ナマムギショウガッコウ"}


def test_an_area_is_a_place_in_imi(client: httpx.Client) -> None:
    found = triples(client.get("/data/area/141178.ttl?profile=imi"))
    assert f"{IC}地理識別子" in {each.predicate.value for each in found}


def test_what_has_a_place_is_a_geojson_feature_too(client: httpx.Client) -> None:
    for answer in (client.get(f"{SITE}.geojson"), client.get(SITE, headers={"Accept": "application/geo+json"})):
        assert answer.headers["content-type"] == "application/geo+json"
        feature = answer.json()
        assert feature["geometry"] == {"type": "Point", "coordinates": [139.522831, 35.457163]}
        assert feature["properties"]["name"] == "横浜市立さちが丘小学校　体育館"
    ward = client.get("/data/area/141178.geojson").json()
    assert ward["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert (
        client.get("/id/area/141178", headers={"Accept": "application/geo+json"})
        .headers["location"]
        .endswith("geojson")
    )


def test_what_has_no_place_is_no_feature(client: httpx.Client) -> None:
    data = "/data/facility/141003-childcare-1410051018778"
    assert client.get(f"{data}.geojson").status_code == 406
    answer = client.get(data, headers={"Accept": "application/geo+json, text/turtle;q=0.1"})
    assert answer.headers["content-type"].startswith("text/turtle")
