"""Statistics as columns: narrow and wide tables, signs in place of figures, faults named by their place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest
from rdflib import URIRef

from loaders.columns import Frame, name, string
from loaders.errors import Refused
from loaders.observations import literal
from loaders.statistics import MISSING, NO_OBSERVATION, Cube, Marker, Spread, Sum, figure
from loaders.table import write_csv
from loaders.text import count

BASE = "https://data.example/"
HEADER = ("区", "月", "計", "男", "女")
SDMX = "http://purl.org/linked-data/sdmx/2009/"
POPULATION = "http://data.e-stat.go.jp/lod/ontology/measure/population"

Checked = Callable[[Cube, list[dict[str, object]]], Frame]
Published = Callable[[Cube, list[dict[str, object]]], tuple[Path, str]]


def cube(**more: Any) -> Cube:
    """A synthetic cube with a real structure."""
    return Cube("population-ward-month", "synthetic", {}, HEADER, **more)


def row(figure: object = 5, sex: str = "T", number: int = 2, column: int = 3, **more: object) -> dict[str, object]:
    """One observation of a synthetic file."""
    place = {"source": "synthetic.csv", "row": number, "column": column}
    what = {"refArea": "141011", "refPeriod": "2024-01", "sex": sex, "age": "TOTAL", "population": figure}
    return {**what, "obsStatus": "P", **place, **more}


def wide(**cells: object) -> dict[str, object]:
    """A row of a synthetic wide file: its first figure stands in column 3."""
    gone = {"sex", "population"}
    return {**{column: cell for column, cell in row().items() if column not in gone}, **cells}


WIDE = cube(spread=Spread("sex", {"T": 0, "M": 1, "F": 2}), markers={"-": MISSING, "": NO_OBSERVATION})


def rows_of(parquet: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        return db.execute(f"SELECT {columns} FROM read_parquet(?)", [str(parquet)]).fetchall()


def values(triples: str, property_: str) -> dict[str, str]:
    """Subject → value of a property in N-Triples."""
    return {
        quad.subject.value: quad.object.value
        for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value == property_
    }


def problem(checked: Checked, cube_: Cube, *rows: dict[str, object]) -> tuple[str, int | None, str | None, str]:
    """File, row, column and sentence of the one problem there is."""
    with pytest.raises(Refused) as refused:
        checked(cube_, list(rows))
    [found] = refused.value.problems
    return found.file, found.row, found.column, found.sentence("en")


def test_every_observation_names_the_cell_it_was_read_from(published: Published) -> None:
    _, triples = published(cube(), [row(number=7, column=4)])
    [cell] = values(triples, "http://www.w3.org/ns/prov#wasDerivedFrom").values()
    assert cell == f"{BASE}id/source/synthetic/synthetic.csv#cell=7,4"


def test_an_observation_has_one_triple_for_each_column(published: Published) -> None:
    _, triples = published(cube(), [row()])
    assert triples.count("\n") == 9
    assert f'<{POPULATION}> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .' in triples


def test_rows_of_the_parquet_are_sorted_by_the_dimensions(published: Published) -> None:
    rows = [row(sex=sex, refArea=area) for area in ("141038", "141011", "141020") for sex in "TMF"]
    found = rows_of(published(cube(), rows)[0], "refArea, refPeriod, sex, age")
    assert found == sorted(found)
    assert len(found) == 9


def test_the_parquet_has_notation_and_labels_of_a_dimension(published: Published) -> None:
    path, _ = published(cube(), [row()])
    assert rows_of(path, "refArea_code, refArea_ja, refArea_en") == [("141011", "名1", None)]


def test_a_wide_table_becomes_one_observation_a_cell_with_its_own_place(published: Published) -> None:
    _, triples = published(WIDE, [wide(T=9, M=4, F=5)])
    start = f"{BASE}id/obs/population-ward-month/141011/2024-01"
    assert values(triples, POPULATION) == {f"{start}/{sex}/TOTAL": n for sex, n in (("T", "9"), ("M", "4"), ("F", "5"))}
    assert values(triples, "http://www.w3.org/ns/prov#wasDerivedFrom")[f"{start}/F/TOTAL"].endswith("#cell=2,5")


def test_cells_below_one_another_count_rows(published: Published) -> None:
    below = cube(spread=Spread("sex", {"T": 0, "M": 20, "F": 40}, along="row"))
    _, triples = published(below, [wide(T=9, M=4, F=5)])
    cells = values(triples, "http://www.w3.org/ns/prov#wasDerivedFrom").values()
    assert sorted(cell.partition("#")[2] for cell in cells) == ["cell=2,3", "cell=22,3", "cell=42,3"]


def test_a_sign_for_missing_is_a_status_and_never_a_zero(published: Published) -> None:
    path, triples = published(WIDE, [wide(T=0, M="-　", F=" 5 ")])
    statuses = values(triples, f"{SDMX}attribute#obsStatus")
    found = {each.split("/")[-2]: code.rpartition("-")[2] for each, code in statuses.items()}
    assert found == {"T": "P", "M": "M", "F": "P"}
    assert sorted(rows_of(path, "sex_code, population")) == [("F", 5), ("M", None), ("T", 0)]


def test_a_cell_that_holds_no_observation_gives_none(published: Published) -> None:
    path, _ = published(WIDE, [wide(T=3, M="", F="")])
    assert rows_of(path, "sex_code, population") == [("T", 3)]


def test_a_sign_that_nobody_declared_is_refused_with_its_place(checked: Checked) -> None:
    place = problem(checked, WIDE, wide(T=3, M="***", F=4))
    assert place[:3] == ("synthetic.csv", 2, "男")
    assert "expected a whole number or one of ['-', '']; found “***”" in place[3]


@pytest.mark.parametrize("text", ["", "1.5", "1,234", "５", "x", "99999999999999999999"])
def test_a_count_that_is_no_whole_number_is_refused_with_its_place(checked: Checked, text: str) -> None:
    assert problem(checked, cube(), row(text))[:3] == ("synthetic.csv", 2, "計")


@pytest.mark.parametrize(("column", "code"), [("sex", "X"), ("obsStatus", "?"), ("refArea", "14 1"), ("sex", "")])
def test_a_code_that_is_not_in_the_list_is_refused_with_its_place(checked: Checked, column: str, code: str) -> None:
    assert problem(checked, cube(), row(number=9, **{column: code}))[:2] == ("synthetic.csv", 9)


def test_two_figures_for_the_same_key_are_refused_and_both_rows_named(checked: Checked) -> None:
    place = problem(checked, cube(), row(number=4), row(number=2))
    assert place[1] == 4
    assert "(row 2 has it too)" in place[3]


def test_parts_that_do_not_add_up_are_refused_at_their_total(checked: Checked) -> None:
    sums = cube(sums=(Sum("sex", "T", ("M", "F")),))
    place = problem(checked, sums, row(10), row(4, "M", column=4), row(5, "F", column=5))
    assert place[:3] == ("synthetic.csv", 2, "計")
    assert "expected 9, the sum of its 2 parts (141011, 2024-01, TOTAL); found “10”" in place[3]


def test_a_total_with_a_suppressed_part_is_not_compared(checked: Checked) -> None:
    signs: dict[str, Marker] = {"X": MISSING}
    sums = cube(sums=(Sum("sex", "T", ("M", "F")),), markers=signs)
    assert checked(sums, [row(10), row("X", "M"), row(5, "F")]).rows == 3


def test_a_table_cut_off_in_a_row_is_refused_with_the_row(checked: Checked, tmp_path: Path) -> None:
    from loaders import columns

    write_csv(tmp_path / "cut.csv", cube().tidy([row(), row(sex="M")]))
    content = (tmp_path / "cut.csv").read_text(encoding="utf-8")
    (tmp_path / "cut.csv").write_text(content[:-20], encoding="utf-8")
    with columns.workspace(tmp_path / "other") as db, pytest.raises(Refused) as refused:
        columns.read_tidy(db, cube(), tmp_path / "cut.csv", BASE)
    assert refused.value.problems[0].row == 3


def test_a_marker_for_an_attribute_that_the_structure_lacks_is_a_fault_of_the_data_set() -> None:
    with pytest.raises(ValueError, match="confStatus"):
        cube(markers={"X": {"confStatus": "C"}})


@pytest.mark.parametrize(
    "text", ["plain", 'a "quote"', "back\\slash", "two\nlines\r", "'; DROP TABLE x", "𠮷野家\t", ""]
)
def test_any_text_survives_as_a_literal(text: str) -> None:
    with duckdb.connect() as db:
        [(written,)] = db.execute(f"FROM (SELECT ? AS remark) SELECT {literal('remark')}", [text]).fetchall()
    [quad] = ox.parse(f"<urn:s> <urn:p> {written} .", format=ox.RdfFormat.N_TRIPLES)
    assert quad.object == ox.Literal(text)


@pytest.mark.parametrize("text", ["plain", "it's", 'a"b', "; --"])
def test_names_and_strings_in_sql_are_quoted(text: str) -> None:
    with duckdb.connect() as db:
        answer = db.execute(f"SELECT {string(text)} AS {name(text)}")
        assert [column[0] for column in answer.description or ()] == [text]
        assert answer.fetchall() == [(text,)]


def test_a_figure_or_its_sign_is_kept_and_anything_else_parsed() -> None:
    assert figure(" X　", count, {"X": MISSING}) == "X"
    assert figure("１，２３４", count, {"X": MISSING}) == "1234"


def test_about_a_cube_says_its_structure() -> None:
    assert (URIRef("/id/dataset/population-ward-month"), URIRef("/id/dsd/population-ward-month")) in {
        (subject, object_) for subject, _, object_ in cube().about()
    }
