"""One selection, every format; negotiation, conditional requests, byte ranges."""

import asyncio
import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from pyld import jsonld

from service.context import Service
from service.cubes.parameters import Presentation
from service.cubes.write_csv import _encoded
from service.opening import open_service
from service.release import open_release
from service.routes import cubes
from service.settings import Settings

BASE, RDF = "http://localhost:8000/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
COUNTS = ("cells", "missing", "suppressed", "absent")
HISTORY, MONTHS, GAPS = "/cubes/population-ward-history", "/cubes/population-ward-month", "/cubes/synthetic-gaps"
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html; charset=utf-8",
}


@pytest.mark.parametrize(("extension", "media_type"), FORMATS.items())
def test_extension_parameter_and_accept_choose_the_same_format(
    http: httpx.Client, extension: str, media_type: str
) -> None:
    query = "refArea=141011,141020&refPeriod=2024"
    by_extension = http.get(f"{HISTORY}.{extension}?{query}")
    by_parameter = http.get(f"{HISTORY}?{query}&format={extension}")
    by_accept = http.get(f"{HISTORY}?{query}", headers={"Accept": media_type.partition(";")[0]})
    for answer in (by_extension, by_parameter, by_accept):
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert "Accept" in answer.headers["vary"]


def test_a_client_without_preference_gets_json_stat(http: httpx.Client) -> None:
    assert http.get(HISTORY).headers["content-type"] == "application/json"


def test_a_format_that_is_not_offered_is_refused_with_those_that_are(http: httpx.Client) -> None:
    answer = http.get(HISTORY, headers={"Accept": "application/pdf"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["allowed"]


@pytest.mark.parametrize("path", ["/cubes", f"{HISTORY}.csv", f"{HISTORY}.parquet", f"{HISTORY}/structure"])
def test_answers_can_be_kept_and_asked_for_again(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.headers["etag"].startswith('"')
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"
    again = http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = http.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert head.headers["content-length"] == str(len(answer.content))


def test_links_lead_to_the_other_formats_and_the_licence(http: httpx.Client) -> None:
    links = http.get(f"{HISTORY}.csv").headers["link"]
    for part in ('.parquet>; rel="alternate"', 'rel="license"', '/structure>; rel="describedby"'):
        assert part in links


@pytest.mark.parametrize(
    ("path", "spoken"),
    [
        (f"{HISTORY}.csv", None),
        (f"{HISTORY}.csv?labels=ja", "ja"),
        (f"{HISTORY}.csv?labels=en", "en"),
        (f"{HISTORY}.csv?labels=en&lang=ja", "en"),
        (f"{HISTORY}.jsonld", None),
        (f"{HISTORY}.parquet", "ja, en"),
        (f"{HISTORY}.parquet?refPeriod=2024", "ja, en"),
        (f"{HISTORY}/structure", "ja, en"),
        ("/cubes?format=json", "ja, en"),
    ],
)
def test_the_language_of_an_answer_is_that_of_its_labels_and_not_of_the_browser(
    http: httpx.Client, path: str, spoken: str | None
) -> None:
    answers = [http.get(path, headers={"Accept-Language": preferred}) for preferred in ("ja", "en")]
    assert [each.headers.get("content-language") for each in answers] == [spoken, spoken]
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


def test_the_language_of_json_stat_can_be_chosen(http: httpx.Client) -> None:
    for preferred in ("ja", "en"):
        answer = http.get(f"{HISTORY}.json?refPeriod=latest", headers={"Accept-Language": preferred})
        assert answer.headers["content-language"] == preferred


# --- CSV ----------------------------------------------------------------------------------------


def test_csv_comes_with_codes_or_labels(http: httpx.Client) -> None:
    query = "refArea=141097&refPeriod=latest"
    head = {each: http.get(f"{HISTORY}.csv?{query}&labels={each}").text.splitlines() for each in ("codes", "ja", "en")}
    assert head["codes"][1].startswith("141097,2024,T,TOTAL,365316,estimate,")
    assert head["ja"][1].startswith("港北区,2024年,男女計,")
    assert head["en"][0].startswith("reference area,reference period,sex,age,population")
    assert head["en"][1].startswith("Kohoku-ku,2024,total,")


@pytest.mark.parametrize("query", ["", "&labels=ja", "&labels=en&group=refArea", "&pivot=refPeriod"])
def test_csv_for_excel_is_the_same_after_its_mark(http: httpx.Client, query: str) -> None:
    excel, plain = (http.get(f"{HISTORY}.csv?refPeriod=latest{query}{bom}").content for bom in ("&bom=1", ""))
    assert excel == b"\xef\xbb\xbf" + plain


def test_a_text_that_looks_like_a_formula_is_harmless_in_excel_only() -> None:
    lines: list[list[object]] = [["=1+1", "@sum", "-5", -5, "港北区"]]
    assert _encoded(lines, Presentation("codes", bom=True, pivot="")) == "'=1+1,'@sum,-5,-5,港北区\r\n".encode()
    assert _encoded(lines, Presentation("codes", bom=False, pivot="")) == "=1+1,@sum,-5,-5,港北区\r\n".encode()


def test_a_pivot_has_one_column_a_period_and_says_why_cells_are_empty(http: httpx.Client) -> None:
    answer = http.get(f"{GAPS}.csv?refPeriod=2020..2021&pivot=refPeriod&age=Y0T14,Y65T&sex=M,F")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    cells = {(row["refArea"], row["sex"], row["age"]): (row["2020"], row["2021"]) for row in rows}
    assert cells["141011", "F", "Y65T"][1] == "X"
    assert cells["141020", "M", "Y0T14"][1] == "…"
    assert cells["141020", "F", "Y65T"][0] == ""
    assert cells["141011", "M", "Y65T"][1].isdecimal()


def test_a_pivot_over_something_that_is_not_always_stated_keeps_every_figure(http: httpx.Client) -> None:
    keys = "group=refArea,refPeriod,sex,age,confStatus"
    plain = list(csv.DictReader(io.StringIO(http.get(f"{GAPS}.csv?{keys}").text)))
    pivot = list(csv.DictReader(io.StringIO(http.get(f"{GAPS}.csv?{keys}&pivot=confStatus").text)))
    unstated = [row["population"] for row in plain if not row["confStatus"] and row["population"]]
    assert unstated
    assert sorted(row["not stated"] for row in pivot if row["not stated"].isdecimal()) == sorted(unstated)
    found = http.get(f"{GAPS}.json?{keys}&lang=en").json()
    assert found["dimension"]["confStatus"]["category"]["label"][""] == "not stated"
    assert sorted(str(each) for each in found["value"] if each is not None) == sorted(unstated)


def test_a_pivot_is_not_cut_into_pages(http: httpx.Client) -> None:
    for parameter in ("limit", "offset"):
        answer = http.get(f"{HISTORY}.csv?pivot=refPeriod&{parameter}=6")
        assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_a_list_of_observations_of_another_publisher_is_a_csv_too(http: httpx.Client) -> None:
    answer = http.get("/observations.csv?dataset=synthetic-twins")
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert sorted((row["count"], row["figure"]) for row in rows) == [("1", "10"), ("1", "32"), ("2", "20"), ("2", "64")]


def test_no_two_columns_have_the_same_heading(http: httpx.Client) -> None:
    for labels in ("codes", "ja", "en"):
        for group in ("refPeriod,sex", "refPeriod,obsStatus"):
            headings = http.get(f"{GAPS}.csv?group={group}&labels={labels}").text.partition("\r\n")[0].split(",")
            assert len(headings) == len(set(headings))


def test_places_of_one_name_are_told_apart(http: httpx.Client) -> None:
    """There is a Yoshidacho in Totsuka-ku and one in Naka-ku."""
    towns = "/cubes/population-town-age.csv?refArea=141101-t0046,141046-t0253&age=TOTAL&sex=M"
    for labels, names in (
        ("ja", {"吉田町（141101-t0046）": "5048", "吉田町（141046-t0253）": "470"}),
        ("codes", {"141101-t0046": "5048", "141046-t0253": "470"}),
    ):
        (pivot,) = csv.DictReader(io.StringIO(http.get(f"{towns}&labels={labels}&pivot=refArea").text))
        assert dict(list(pivot.items())[3:]) == dict(sorted(names.items(), key=lambda each: int(each[1])))
        rows = list(csv.reader(io.StringIO(http.get(f"{towns}&labels={labels}").text)))
        assert {row[0]: row[4] for row in rows[1:]} == names


def test_figures_are_plain_decimals_however_small_or_large(http: httpx.Client) -> None:
    found = csv.DictReader(io.StringIO(http.get("/cubes/synthetic-rough.csv?refPeriod=2021").text))
    assert [row["figure"] for row in found] == ["0.00001", "10000000000000000"]
    nodes = http.get("/cubes/synthetic-rough.jsonld?refPeriod=2021").json()["graph"]
    assert [each["figure"] for each in nodes] == ["0.00001", "10000000000000000"]
    page = http.get("/cubes/synthetic-rough?refPeriod=2021&lang=en", headers={"Accept": "text/html"}).text
    assert ">10,000,000,000,000,000<" in page


# --- JSON-stat ----------------------------------------------------------------------------------


def test_json_stat_has_its_values_in_the_order_of_its_dimensions(http: httpx.Client) -> None:
    found = http.get(f"{MONTHS}.json?refArea=141011,141020&sex=M,F&lang=en").json()
    assert (found["version"], found["class"]) == ("2.0", "dataset")
    assert found["id"] == ["refArea", "refPeriod", "sex", "age", "measure"]
    assert found["size"] == [2, 4, 2, 1, 1]
    assert found["role"] == {"metric": ["measure"], "geo": ["refArea"], "time": ["refPeriod"]}
    assert found["dimension"]["sex"]["category"] == {"index": ["F", "M"], "label": {"F": "female", "M": "male"}}
    assert "unit" in found["dimension"]["measure"]["category"]
    place = ((1 * 4 + 0) * 2 + 1) * 1
    row = http.get(f"{MONTHS}.csv?refArea=141020&sex=M&refPeriod=2024-01").text.splitlines()[1]
    assert row.split(",")[4] == str(found["value"][place])


def test_json_stat_gives_gaps_as_null_with_their_status(http: httpx.Client) -> None:
    found = http.get(f"{GAPS}.json?refArea=141011&refPeriod=2021&sex=F&age=Y65T,Y0T14").json()
    place = found["dimension"]["age"]["category"]["index"].index("Y65T")
    assert found["value"][place] is None
    assert found["status"][str(place)].endswith("C")


def test_json_stat_carries_the_counts_of_sums(http: httpx.Client) -> None:
    found = http.get(f"{GAPS}.json?group=refPeriod&refPeriod=2021&sex=M,F&age=Y0T14,Y15T64,Y65T").json()
    counts = [found["extension"][name] for name in ("cells", "missing", "suppressed", "absent")]
    assert counts == [[10], [1], [1], [0]]
    assert found["status"] == {"0": "partial"}
    assert found["extension"]["added"]["sex"] == ["F", "M"]


def test_json_stat_is_never_a_page(http: httpx.Client) -> None:
    for parameter in ("limit", "offset"):
        assert http.get(f"{HISTORY}.json?{parameter}=10").json()["parameter"] == parameter


# --- JSON-LD ------------------------------------------------------------------------------------


def test_json_ld_says_what_the_rdf_says(http: httpx.Client, cube_releases: Path) -> None:
    document = http.get(f"{HISTORY}.jsonld?refArea=141097&refPeriod=1985..1995").json()
    statements = jsonld.to_rdf(document, {"format": "application/n-quads"})
    found = {str(quad.triple) for quad in ox.parse(statements, format=ox.RdfFormat.N_QUADS)}
    store = ox.Store.read_only(str(open_release(cube_releases).store))
    expected = {
        str(quad.triple)
        for each in document["graph"]
        for quad in store.quads_for_pattern(ox.NamedNode(each["id"]), None, None)
    }
    assert len(document["graph"]) == 6
    assert found == expected


def test_json_ld_calls_a_sum_a_sum(http: httpx.Client) -> None:
    """With all that CSV says of it, and never as a published observation."""
    query = "group=refPeriod&refPeriod=2021&sex=M,F&age=Y0T14,Y15T64,Y65T"
    document = http.get(f"{GAPS}.jsonld?{query}").json()
    ((row,), (line,)) = document["graph"], csv.DictReader(io.StringIO(http.get(f"{GAPS}.csv?{query}").text))
    assert "id" not in row
    assert {name: str(row[name]) for name in ("value", *COUNTS)} == {
        "value": line["population"], **{name: line[name] for name in COUNTS}
    }  # fmt: skip
    triples = _triples(document)
    assert f"{RDF}type> <{BASE}def/core#Aggregate>" in triples
    assert f"prov#wasDerivedFrom> <{BASE}id/dataset/synthetic-gaps>" in triples
    assert f"prov#wasDerivedFrom> <{BASE}cubes/synthetic-gaps.jsonld?{query}>" in triples
    assert "cube#Observation" not in triples
    assert "cube#dataSet" not in triples


def test_the_words_for_sums_are_in_the_vocabulary(http: httpx.Client) -> None:
    document = http.get(f"{HISTORY}.jsonld?group=refPeriod&refArea=141101&asOf=1980-01-01").json()
    ours = set(re.findall(r"<(\S+?/def/core#\w+)>", _triples(document)))
    words = http.get("/def/core.nt").text
    assert {each.rpartition("#")[2] for each in ours} >= {"Aggregate", "cellsUsed", "cellsMissing", "comparability"}
    assert all(f"<{each}> <{RDF}type>" in words for each in ours)


def test_a_sum_without_a_value_has_none_in_json_ld(http: httpx.Client) -> None:
    rows = http.get(f"{GAPS}.jsonld?group=refArea,age&refPeriod=2021&sex=F").json()["graph"]
    (row,) = (each for each in rows if each["suppressed"])
    assert "value" not in row


def _triples(document: Any) -> str:
    found: str = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return found


# --- GeoJSON ------------------------------------------------------------------------------------


def test_geojson_has_an_outline_and_a_value_for_each_ward(http: httpx.Client) -> None:
    found = http.get(f"{HISTORY}.geojson").json()
    wards = {each["properties"]["code"]: each for each in found["features"]}
    assert len(wards) == 19
    assert wards["141003"]["geometry"] is None
    kohoku = wards["141097"]
    assert kohoku["properties"] | {"name": "港北区", "name_en": "Kohoku-ku", "value": 365316} == kohoku["properties"]
    longitude, latitude = _first(kohoku["geometry"]["coordinates"])
    assert 139 < longitude < 140
    assert 35 < latitude < 36
    assert found["attribution"]


def _first(coordinates: Any) -> tuple[float, float]:
    return _first(coordinates[0]) if isinstance(coordinates[0], list) else (coordinates[0], coordinates[1])


@pytest.mark.parametrize("query", ["refPeriod=1980", "asOf=1980-01-01"])
def test_an_outline_is_never_that_of_other_boundaries(http: httpx.Client, query: str) -> None:
    """Totsuka-ku of 1980 was three wards of today, and Kohoku-ku and Midori-ku are four."""
    features = http.get(f"{HISTORY}.geojson?{query}").json()["features"]
    names = {each["properties"]["name_en"] for each in features if each["geometry"] is None}
    assert names == {"Yokohama-shi", "Totsuka-ku", "Kohoku-ku", "Midori-ku"}
    page = http.get(f"{HISTORY}?{query}&lang=en", headers={"Accept": "text/html"}).text.partition('<h3 id="map">')[2]
    assert "areas of which there is no outline, such as those with other boundaries then, are not drawn" in page


def test_cubes_that_do_not_name_versions_have_the_outlines_of_their_period(http: httpx.Client) -> None:
    rough = "/cubes/synthetic-rough.geojson?refPeriod"
    (totsuka,) = http.get(f"{rough}=1986&refArea=141101").json()["features"]
    assert (totsuka["properties"]["value"], totsuka["geometry"]) == (12, None)
    assert all(each["geometry"] for each in http.get(f"{rough}=2022").json()["features"])


def test_geojson_holds_one_value_an_area(http: httpx.Client) -> None:
    assert http.get(f"{HISTORY}.geojson?group=refArea,refPeriod").status_code == 400


# --- Parquet ------------------------------------------------------------------------------------


def test_the_whole_cube_comes_as_its_file_and_in_byte_ranges(http: httpx.Client, cube_releases: Path) -> None:
    file = cube_releases / "current" / "cubes" / "population-ward-history.parquet"
    answer = http.get(f"{HISTORY}.parquet")
    assert answer.content == file.read_bytes()
    part = http.get(f"{HISTORY}.parquet", headers={"Range": "bytes=0-3", "If-Range": answer.headers["etag"]})
    assert (part.status_code, part.content) == (206, b"PAR1")
    assert part.headers["content-range"] == f"bytes 0-3/{file.stat().st_size}"


def test_a_selection_comes_as_parquet_with_the_same_columns(
    http: httpx.Client, cube_releases: Path, tmp_path: Path
) -> None:
    whole = cube_releases / "current" / "cubes" / "population-ward-history.parquet"
    path = tmp_path / "selection.parquet"
    path.write_bytes(http.get(f"{HISTORY}.parquet?refArea=141097&refPeriod=2020..").content)
    assert _described(path) == _described(whole)
    select = "SELECT * FROM read_parquet(?)"
    where = f"{select} WHERE refArea_code = '141097' AND refPeriod_code >= '2020' ORDER BY ALL"
    rows = duckdb.execute(f"{select} ORDER BY ALL", [str(path)]).fetchall()
    assert len(rows) == 5
    assert rows == duckdb.execute(where, [str(whole)]).fetchall()


def _described(path: Path) -> dict[str, str]:
    """Column → type."""
    columns = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))"
    return dict(duckdb.execute(columns, [str(path)]).fetchall())


def _both(http: httpx.Client, folder: Path, question: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of the CSV, and those of the Parquet in its words, which has codes in the columns …_code of dimensions
    and IRIs in those of attributes: the structure translates them."""
    name, _, query = question.partition("?")
    path = folder / "selection.parquet"
    path.write_bytes(http.get(f"/cubes/{name}.parquet?{query or 'limit=1000'}").content)
    structure = http.get(f"/cubes/{name}/structure").json()
    in_csv = csv.DictReader(io.StringIO(http.get(f"/cubes/{name}.csv?{query}").text))
    return list(in_csv), [_as_csv(row, structure) for row in _read(path)]


SELECTIONS = (
    "population-ward-history?refArea=141097,141101&refPeriod=1985..1995",
    "fertility-rate?",
    "citizen-survey?",
    "synthetic-gaps?refPeriod=2021",
    "synthetic-rough?",
    "synthetic-twins?",
)


@pytest.mark.parametrize("question", SELECTIONS)
def test_a_selection_as_parquet_says_what_its_csv_says(http: httpx.Client, tmp_path: Path, question: str) -> None:
    expected, found = _both(http, tmp_path, question)
    assert expected
    assert sorted(found, key=str) == sorted(expected, key=str)


SUMS = (
    "population-ward-history?group=refPeriod&refPeriod=2000..",
    "population-ward-history?group=refPeriod,obsStatus&refArea=141097,141101",
    "employed-occupation?group=refPeriod",
    "plan-indicator?group=indicator",
    "synthetic-gaps?group=refPeriod,confStatus&refPeriod=2021&sex=M,F&age=Y0T14,Y15T64,Y65T",
    "synthetic-gaps?group=refArea,age&refPeriod=2020",
    "synthetic-rough?group=refPeriod",
    "synthetic-twins?group=count",
)


@pytest.mark.parametrize("question", SUMS)
def test_sums_as_parquet_say_what_their_csv_says(http: httpx.Client, tmp_path: Path, question: str) -> None:
    expected, found = _both(http, tmp_path, question)
    assert expected
    assert found == expected
    assert list(found[0]) == list(expected[0])


def test_columns_of_sums_have_the_names_and_types_of_the_cube(
    http: httpx.Client, cube_releases: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sums.parquet"
    for cube in ("population-ward-history", "synthetic-twins", "synthetic-rough"):
        group = "count" if cube == "synthetic-twins" else "refPeriod"
        path.write_bytes(http.get(f"/cubes/{cube}.parquet?group={group}").content)
        found, whole = _described(path), _described(cube_releases / "current" / "cubes" / f"{cube}.parquet")
        notes = {**dict.fromkeys(COUNTS, "BIGINT"), "state": "VARCHAR"}
        assert found == {name: whole[name] for name in found if name in whole} | notes
        assert {f"{group}_code", f"{group}_ja"} <= found.keys()
    path.write_bytes(http.get("/cubes/plan-indicator.parquet?group=refPeriod").content)
    assert _described(path)["indicatorValue"] == "DECIMAL(38,0)"


def _read(path: Path) -> list[dict[str, Any]]:
    found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [each[0] for each in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _as_csv(row: dict[str, Any], structure: dict[str, Any]) -> dict[str, str]:
    """A row of Parquet as CSV with codes has it."""
    components = [*structure["dimensions"], *structure["attributes"]]
    codes = {each["name"]: {code["iri"]: code["notation"] for code in each["codes"]} for each in components}
    labels = {f"{each['name']}{suffix}" for each in components for suffix in ("_code", "_ja", "_en")}
    shown = {name: value for name, value in row.items() if name not in labels}
    if "observation" in shown:
        shown["observation"] = shown.pop("observation")
    return {name: _text(codes.get(name, {}).get(str(value), value)) for name, value in shown.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    text = f"{Decimal(str(value)):f}" if isinstance(value, (float, Decimal)) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text and isinstance(value, (float, Decimal)) else text


def test_the_grand_total_is_not_the_whole_file(http: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "total.parquet"
    path.write_bytes(http.get("/cubes/plan-indicator.parquet?group=").content)
    assert [(row["indicatorValue"], row["cells"]) for row in _read(path)] == [(550, 1)]


def test_parquet_of_sums_refuses_what_must_not_be_added_and_comes_in_pages(http: httpx.Client, tmp_path: Path) -> None:
    answer = http.get(f"{GAPS}.parquet?group=refPeriod&refPeriod=2022")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "populationBasis")
    path = tmp_path / "page.parquet"
    for query in ("group=refPeriod&refArea=141003", "refArea=141003"):
        answer = http.get(f"{HISTORY}.parquet?{query}&limit=3&offset=4")
        path.write_bytes(answer.content)
        assert [row["refPeriod_code"] for row in _read(path)] == ["1940", "1947", "1950"]
        assert 'offset=7>; rel="next"' in answer.headers["link"]


def test_an_offset_counts_without_a_limit_too(http: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "rest.parquet"
    for query in ("refArea=141003", "refArea=141003&group=refPeriod"):
        whole = http.get(f"{HISTORY}.csv?{query}").text.splitlines()
        assert http.get(f"{HISTORY}.csv?{query}&offset=40").text.splitlines() == [whole[0], *whole[41:]]
        path.write_bytes(http.get(f"{HISTORY}.parquet?{query}&offset=40").content)
        assert len(_read(path)) == len(whole) - 41


# --- the list and the structure -----------------------------------------------------------------


def test_the_list_names_every_cube_in_both_languages(http: httpx.Client) -> None:
    found = {each["id"]: each for each in http.get("/cubes").json()["cubes"]}
    history = found["population-ward-history"]
    assert set(history["title"]) == {"ja", "en"}
    assert [each["name"] for each in history["dimensions"]] == ["refArea", "refPeriod", "sex", "age"]
    assert http.get(history["formats"]["csv"].replace("http://localhost:8000", "")).status_code == 200


def test_the_structure_lists_codes_with_labels_and_totals(http: httpx.Client) -> None:
    found = http.get(f"{MONTHS}/structure").json()
    dimensions = {each["name"]: each for each in found["dimensions"]}
    assert dimensions["refArea"]["total"] == "141003"
    assert dimensions["sex"]["total"] == "T"
    assert dimensions["refArea"]["label"] == {"ja": "対象地域", "en": "reference area"}
    (kohoku,) = (code for code in dimensions["refArea"]["codes"] if code["notation"] == "141097")
    assert kohoku["label"] == {"ja": "港北区", "en": "Kohoku-ku"}
    assert found["measures"][0]["unit"]["label"]["en"] == "people"


def test_the_routes_are_documented_with_examples(http: httpx.Client, cube_releases: Path) -> None:
    paths = asyncio.run(_documented(open_service(Settings(releases=cube_releases))))
    assert set(paths) == {"/cubes", "/cubes/{name}", "/cubes/{name}/structure", "/cubes/{name}/chart.{extension}"}
    parameters = paths["/cubes/{name}"]["get"]["parameters"]
    example = {each["name"]: each["example"] for each in parameters if each["in"] == "query"}
    assert {"refArea", "refPeriod", "group", "asOf", "labels", "bom", "pivot", "limit"} <= set(example)
    kept = {name: example[name] for name in ("refArea", "refPeriod", "sex", "group", "asOf", "lang")}
    assert http.get(f"{HISTORY}.csv", params=kept).status_code == 200


async def _documented(service: Service) -> dict[str, Any]:
    app = FastAPI()
    app.include_router(cubes.router(service))
    async with app.router.lifespan_context(app):
        found: dict[str, Any] = app.openapi()["paths"]
        return found


def test_nothing_is_cut_short(serve: Any, cube_releases: Path) -> None:
    settings = Settings(releases=cube_releases, cube_rows=100, cube_csv_rows=200)
    with serve(settings) as other, httpx.Client(base_url=other) as http:
        for extension, setting, rows in (("json", "LOD_CUBE_ROWS", 100), ("csv", "LOD_CUBE_CSV_ROWS", 200)):
            answer = http.get(f"{HISTORY}.{extension}")
            assert answer.status_code == 400
            assert (answer.json()["limit"], answer.json()["rows"]) == (setting, rows)
        assert http.get(f"{HISTORY}.csv?group=refPeriod").status_code == 200
        assert http.get(f"{HISTORY}.csv?limit=101").status_code == 400
        for extension in ("csv", "parquet"):
            answer = http.get(f"{HISTORY}.{extension}?group=refArea,refPeriod&limit=10")
            assert (answer.status_code, answer.json()["limit"]) == (400, "LOD_CUBE_ROWS")
            assert "keep less apart with group" in answer.json()["detail"]
        assert http.get(f"{HISTORY}.parquet").status_code == 200
