"""Files as publishers really get them wrong: real ones, altered here. Each fault is named by file, row and column."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders import release, sources
from loaders.__main__ import main
from loaders.dataset import Given, Source, Tables
from loaders.datasets import all_data_sets
from loaders.errors import Refused
from loaders.fetch import SourceFile

MONTH, HISTORY, SHELTERS = "e1yokohama2608.csv", "t020100.csv", "hinanjo_20260401.csv"
CODE, HOUSEHOLDS, MEN = "全国地方公共団体コード", "世帯数［世帯］", "男［人］"
Rows = list[list[str]]
Altered = Callable[[str, Callable[[Rows], object]], Path]
Findings = Callable[[Path], str]


@pytest.fixture
def altered(shared_data: Path, tmp_path: Path) -> Altered:
    """A real file with its rows altered."""

    def alter(name: str, change: Callable[[Rows], object]) -> Path:
        [original] = shared_data.rglob(name)
        rows = list(csv.reader(io.StringIO(original.read_text(encoding="utf-8-sig"), newline="")))
        change(rows)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        path = tmp_path / name
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    return alter


@pytest.fixture
def findings(capsys: pytest.CaptureFixture[str]) -> Findings:
    """What `check` says of a file that it refuses."""

    def check(path: Path) -> str:
        assert main(["check", str(path), "--language", "en", "--quiet"]) == 1
        return capsys.readouterr().err

    return check


def put(row: int, column: str, value: str) -> Callable[[Rows], object]:
    """Writes a value into a cell; rows count as a spreadsheet does."""
    return lambda rows: rows[row - 1].__setitem__(rows[0].index(column), value)


def drop(column: str) -> Callable[[Rows], object]:
    def change(rows: Rows) -> None:
        index = rows[0].index(column)
        for row in rows:
            del row[index]

    return change


def test_a_missing_column_is_named_with_the_expected_header(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, drop(HOUSEHOLDS)))
    assert f"{MONTH}, row 1: expected the header" in said
    assert f"missing: {HOUSEHOLDS}" in said


def test_columns_in_another_order_are_told_by_the_first_that_differs(altered: Altered, findings: Findings) -> None:
    def swap(rows: Rows) -> None:
        for row in rows:
            row[2], row[3] = row[3], row[2]

    header: list[str] = []
    said = findings(altered(MONTH, lambda rows: (header.extend(rows[0]), swap(rows))))
    assert f"(column 3 is “{header[3]}” instead of “{header[2]}”)" in said


def test_a_column_that_is_there_twice_is_told_with_its_place(altered: Altered, findings: Findings) -> None:
    header: list[str] = []
    said = findings(altered(MONTH, lambda rows: (header.extend(rows[0]), [row.append(row[0]) for row in rows])))
    assert f"(column {len(header) + 1} is “{header[0]}” instead of “”)" in said


def test_a_renamed_column_is_named_with_what_it_should_be(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, put(1, MEN, "男性［人］")))
    assert f"missing: {MEN}; unknown: 男性［人］" in said


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "expected"),
    [
        (MONTH, 4, CODE, "131016", "the code of the city or of one of its 18 wards"),
        (MONTH, 4, CODE, "141021", "a six-digit local government code with its check digit"),
        (MONTH, 5, "市区名", "中区", "“西区”, the name of 141038"),
        (MONTH, 6, MEN, "約３０００", "a whole number, 0 or more"),
        (MONTH, 6, MEN, "", "a whole number, 0 or more"),
        (MONTH, 7, "年月日", "2026/13/1", "a date of the calendar such as 2024/01/01"),
        (MONTH, 7, "年月日", "2026/8/2", "the first day of a month"),
        (HISTORY, 9, "行政区", "北区", "the name of one of Yokohama's 18 wards"),
        (HISTORY, 9, "年（和暦）", "平成37", "a year that 平成 had (it ended in 2019)"),
        (HISTORY, 9, "年（和暦）", "昭和6", "the era year of 1930"),
        (HISTORY, 9, "世帯数・人口", "***", "a whole number, 0 or more"),
        (SHELTERS, 3, "Ward", "大阪区", "the name of one of Yokohama's 18 wards"),
        (SHELTERS, 3, "Lat", "35°30′", "decimal degrees"),
        (SHELTERS, 3, "Address", "東京都千代田区1", "an address that begins with “神奈川県横浜市鶴見区”"),
    ],
)
def test_a_wrong_cell_is_named_by_file_row_and_column(
    altered: Altered, findings: Findings, name: str, row: int, column: str, value: str, expected: str
) -> None:
    said = findings(altered(name, put(row, column, value)))
    assert f"{name}, row {row}, column “{column}”: expected {expected}" in said
    assert not value or f"found “{value}”" in said


def test_a_ward_that_did_not_exist_yet_is_refused(altered: Altered, findings: Findings) -> None:
    said = findings(altered(HISTORY, put(9, "行政区", "青葉区")))
    assert f"{HISTORY}, row 9, column “行政区”: expected an area that existed on 1930-10-01" in said


def test_a_row_given_twice_is_refused_with_both_rows(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, lambda rows: rows.append(rows[3])))
    assert f"{MONTH}, row 21, column “男［人］”: expected one value for 141020, 2026-08, M, TOTAL (row 4 has it" in said


def test_wards_that_do_not_sum_to_the_city_are_refused_at_the_city(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, put(4, HOUSEHOLDS, "1")))
    assert f"{MONTH}, row 2, column “{HOUSEHOLDS}”: expected " in said
    assert "the sum of its 18 parts (2026-08); found “" in said


def test_men_and_women_who_are_not_all_people_are_refused_at_the_total(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, put(4, MEN, "1")))
    assert f"{MONTH}, row 4, column “人口総数［人］”: expected " in said


@pytest.mark.parametrize("content", [b"", b"nil", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / MONTH).write_bytes(content)
    arguments = ["check", str(tmp_path / MONTH), "--layout", "population-ward-month", "--language", "en", "--quiet"]
    assert main(arguments) == 1
    assert f"{MONTH}" in capsys.readouterr().err.splitlines()[0]


def test_a_file_cut_off_in_a_row_is_refused_with_the_row(altered: Altered, findings: Findings) -> None:
    path = altered(MONTH, lambda _: None)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"\r\n", 0, -2) + 12])
    assert f"{MONTH}, row 20: expected 12 cells" in findings(path)


def test_a_file_cut_off_between_rows_is_refused_with_what_is_missing(altered: Altered, findings: Findings) -> None:
    said = findings(altered(MONTH, lambda rows: rows.__delitem__(slice(15, None))))
    assert f"{MONTH}, row 15, column “{CODE}”: expected a row for the city and each of the 18 wards (missing: " in said


def test_a_history_that_lost_rows_is_refused(altered: Altered, findings: Findings) -> None:
    said = findings(altered(HISTORY, lambda rows: rows.__delitem__(slice(1000, None))))
    assert f"{HISTORY}, row 1000: expected at least 1548 rows of data" in said


def test_text_in_no_known_encoding_is_refused(altered: Altered, findings: Findings) -> None:
    path = altered(SHELTERS, lambda _: None)
    path.write_bytes(path.read_text(encoding="utf-8").encode("euc_jp"))
    assert f"{SHELTERS}: expected text in UTF-8 or CP932" in findings(path)


def tidied(path: Path) -> Tables:
    source = source_of("population-ward-month")
    areas = sources.gazetteer({"areas": source_of("areas").read()})
    return source.tidy([SourceFile(path)], Given(areas, source.registry()))


def source_of(id_: str) -> Source:
    return next(each.source for each in all_data_sets().values() if each.source.id == id_)


@pytest.mark.parametrize(("encoding", "line_end"), [("cp932", "\r\n"), ("utf-8-sig", "\r\n"), ("utf-8", "\n")])
def test_encoding_and_line_ends_make_no_difference(
    altered: Altered, tmp_path: Path, encoding: str, line_end: str
) -> None:
    original = altered(MONTH, lambda _: None)
    before = tidied(original)
    text = original.read_bytes().decode("utf-8").replace("\r\n", line_end)
    original.write_bytes(text.encode(encoding))
    assert tidied(original) == before


def test_full_width_digits_and_thousands_commas_make_no_difference(altered: Altered) -> None:
    def widen(rows: Rows) -> None:
        column = rows[0].index(MEN)
        for row in rows[1:]:
            row[column] = f"{int(row[column]):,}".translate(str.maketrans("0123456789,", "０１２３４５６７８９，"))

    assert tidied(altered(MONTH, widen)) == tidied(altered(MONTH, lambda _: None))


def test_many_faults_of_a_kind_are_counted_and_listed_in_a_file(altered: Altered, findings: Findings) -> None:
    def spoil(rows: Rows) -> None:
        for row in rows[1:1501]:
            row[-1] = "不明"

    said = findings(altered(HISTORY, spoil)).splitlines()
    assert len(said) == 5
    assert said[3].startswith("  … and 1,497 more of this kind, all listed in ")
    assert said[4].startswith("Refused: 1,500 problem(s).")
    path = Path(said[3].rpartition(" ")[2])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == [str(number) for number in range(2, 1502)]
    path.unlink()


def test_a_bad_file_among_the_sources_publishes_nothing(
    altered: Altered, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered(MONTH, put(6, MEN, "不明"))
    for folder in ("yokohama-stats", "reference"):
        (tmp_path / folder).symlink_to(shared_data / folder)
    [areas] = [each for each in all_data_sets().values() if each.id == "areas"]
    for name in sorted({path.name for pattern in areas.source.patterns for path in shared_data.rglob(pattern)}):
        [original] = shared_data.rglob(name)
        (tmp_path / name).symlink_to(original)
    arguments = ["--source", str(tmp_path), "--releases", str(tmp_path / "releases"), "--language", "en", "--quiet"]
    assert main(["build", "population-ward-month", *arguments]) == 1
    assert f"{MONTH}, row 6, column “{MEN}”" in capsys.readouterr().err
    assert release.current(tmp_path / "releases") is None
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [release.LOCK]


def test_refused_is_what_a_fault_is_called() -> None:
    assert Refused.status == 1
