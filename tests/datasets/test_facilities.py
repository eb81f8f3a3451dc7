"""Facility data sets: the publishers' files, row by row, and what they say of the odd rows."""

import csv
import json
from pathlib import Path

import pytest

from loaders.areas import read_gazetteer
from loaders.dataset import Given, Source, Tables
from loaders.datasets import childcare_places, elementary_schools, gsi_evacuation
from loaders.errors import Refused
from loaders.fetch import SourceFile
from loaders.rdf import ntriples
from loaders.table import Table

BASE = "http://localhost:8000/"
AREAS = read_gazetteer(Path(gsi_evacuation.__file__).parent.parent / "areas")
HEADER = ",".join(childcare_places.HEADER)


def tidied(source: Source, path: Path) -> Tables:
    return source.tidy([SourceFile(path)], Given(AREAS, source.registry()))


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("source", "table", "file"),
    [
        (gsi_evacuation.SOURCE, gsi_evacuation.TABLE, "gsi_yokohama_evacuation.geojson"),
        (childcare_places.SOURCE, childcare_places.TABLE, "hoiku_kanou_2022-04.csv"),
        (elementary_schools.SOURCE, elementary_schools.TABLE, "ksj_school.geojson"),
    ],
)
def test_the_embedded_table_is_what_the_publishers_file_says(
    source: Source, table: str, file: str, shared_data: Path
) -> None:
    assert tidied(source, shared_data / "yokohama-facilities" / file)[table] == source.read()[table]


def test_every_evacuation_site_has_its_hazards_and_no_shelter_has_any() -> None:
    for row in gsi_evacuation.SOURCE.read()[gsi_evacuation.TABLE]:
        assert bool(row["hazards"]) == (row["type"] == "evacuation-site")


def test_a_compatibility_ideograph_does_not_hide_a_ward(tmp_path: Path) -> None:
    found = tidied(gsi_evacuation.SOURCE, features(tmp_path, address="神奈川県横浜市戸\ufa10区上倉田町1"))
    row = next(iter(found[gsi_evacuation.TABLE]))
    assert (row["ward"], row["address"]) == ("141101", "神奈川県横浜市戸塚区上倉田町1")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "神奈川県川崎市川崎区1"}, "address"),
        ({"common_id": "1410000001201"}, "common id"),
        ({"hazards": ["flood", "meteor"]}, "hazards"),
        ({"designation_type": "park"}, "designated_shelter"),
    ],
)
def test_a_feature_that_cannot_be_read_is_named_with_its_number(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        tidied(gsi_evacuation.SOURCE, features(tmp_path, **changed))
    sentence = refused.value.problems[0].sentence("en")
    assert "row 1" in sentence
    assert said in sentence


@pytest.mark.parametrize("text", ["", "{", '{"type": "FeatureCollection", "features": []}', "[]"])
def test_a_file_that_is_no_feature_collection_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        tidied(gsi_evacuation.SOURCE, written(tmp_path, "gsi_yokohama_evacuation.geojson", text))


def features(tmp_path: Path, **changed: object) -> Path:
    """One feature as published, with some properties changed."""
    properties: dict[str, object] = dict.fromkeys(gsi_evacuation.LEFT_OUT)
    properties |= {
        "municipality_code": "14100",
        "designation_type": "designated_emergency_evacuation_place",
        "common_id": "E1410000001201",
        "name": "横浜市立さちが丘小学校　体育館",
        "address": "神奈川県横浜市旭区さちが丘110-1",
        "hazards": ["flood"],
        "same_address_with_other_designation": True,
    }
    geometry = {"type": "Point", "coordinates": [139.52, 35.45]}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties | changed}
    content = {"type": "FeatureCollection", "features": [feature]}
    return written(tmp_path, "gsi_yokohama_evacuation.geojson", json.dumps(content))


# --- places in childcare ----------------------------------------------------------------------


def test_a_class_that_does_not_exist_is_not_zero_and_neither_is_a_blank(tmp_path: Path) -> None:
    row = "鶴見区,14101,横浜市馬場保育園,1410051018778,-,,0,1,4,5,10,2022-04-01,"
    path = written(
        tmp_path, "hoiku_kanou_2022-04.csv", f"【令和４年４月１日時点】　受入可能数{',' * 12}\n{HEADER}\n{row}\n"
    )
    tables = tidied(childcare_places.SOURCE, path)
    lines = "".join(ntriples(childcare_places.triples(tables, AREAS), BASE))
    numbers = [line.split()[2] for line in lines.splitlines() if "数値" in line and "数値>" in line]
    assert sorted(int(each.split('"')[1]) for each in numbers) == [0, 1, 4, 5, 10]
    notes = [line for line in lines.splitlines() if "core/rdf#説明>" in line]
    assert len(notes) == 2
    assert any("クラスなし" in line for line in notes)
    assert any("空欄" in line for line in notes)


def test_rows_below_a_title_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    row = "鶴見区,14101,横浜市馬場保育園,1410051018778,三,0,0,1,4,5,10,2022-04-01,"
    path = written(tmp_path, "hoiku_kanou_2022-04.csv", f"受入可能数{',' * 12}\n{HEADER}\n{row}\n")
    with pytest.raises(Refused) as refused:
        tidied(childcare_places.SOURCE, path)
    assert "row 3, column “０歳児”" in refused.value.problems[0].sentence("en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"入所児童数{',' * 12}\n{HEADER}\n", "title"),
        (f"受入可能数{',' * 12}\n{HEADER.replace('合計', '計')}\n", "計"),
        (f"受入可能数{',' * 12}\n{HEADER}\n鶴見区,14102,園,1410051018778,0,0,0,0,0,0,0,2022-04-01,\n", "14101"),
        (f"受入可能数{',' * 12}\n{HEADER}\n鶴見区,14101,園,14100,0,0,0,0,0,0,0,2022-04-01,\n", "13 digits"),
        (f"受入可能数{',' * 12}\n{HEADER}\n鶴見区,14101,園,1410051018778,0,0,0,0,0,0,0,R4.4.1,\n", "date"),
    ],
)
def test_another_layout_stops_with_what_was_expected(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        tidied(childcare_places.SOURCE, written(tmp_path, "hoiku_kanou_2022-04.csv", text))
    assert said in refused.value.problems[0].sentence("en")


def test_the_totals_of_the_source_are_those_of_the_classes() -> None:
    table: Table = childcare_places.SOURCE.read()[childcare_places.TABLE]
    ages = [column for column, _ in childcare_places.AGES.values() if column != "total"]
    for row in table:
        assert sum(int(row[age]) for age in ages if row[age].isdecimal()) == int(row["total"])


def test_no_person_is_in_the_tables() -> None:
    for module in (gsi_evacuation, childcare_places, elementary_schools):
        for name in module.SOURCE.tables:
            with (module.SOURCE.folder / name).open(encoding="utf-8", newline="") as file:
                header = next(csv.reader(file))
            assert not [column for column in header if "person" in column or "contact" in column]
