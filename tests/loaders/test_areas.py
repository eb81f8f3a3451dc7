"""Codes with their check digit, and which extent of an area a figure of a given day refers to."""

from datetime import date

import pytest

from loaders import sources
from loaders.areas import Gazetteer, check_digit
from loaders.datasets.areas import SOURCE
from loaders.errors import Unexpected

KOHOKU, TOTSUKA, AOBA, CITY = "141097", "141101", "141178", "141003"


@pytest.fixture(scope="module")
def areas() -> Gazetteer:
    return sources.gazetteer({"areas": SOURCE.read()})


def test_every_embedded_code_has_its_check_digit(areas: Gazetteer) -> None:
    assert len(areas.areas) == 20
    assert all(check_digit(code[:5]) == code[5] for code in areas.areas)


@pytest.mark.parametrize(("code5", "digit"), [("14100", "3"), ("14109", "7"), ("14117", "8"), ("13101", "6")])
def test_the_check_digit_is_that_of_the_standard(code5: str, digit: str) -> None:
    assert check_digit(code5) == digit


@pytest.mark.parametrize("code", ["141002", "14100", "1410033", "１４１００３", "14100x", ""])
def test_a_code_without_its_check_digit_is_refused(areas: Gazetteer, code: str) -> None:
    with pytest.raises(Unexpected, match="check digit"):
        areas.code(code)


def test_a_code_of_another_city_is_refused_in_other_words(areas: Gazetteer) -> None:
    with pytest.raises(Unexpected, match="18 wards"):
        areas.code("131016")


@pytest.mark.parametrize(
    ("code", "day", "issued"),
    [
        (KOHOKU, date(1980, 10, 1), date(1969, 10, 1)),
        (KOHOKU, date(1994, 11, 5), date(1969, 10, 1)),
        (KOHOKU, date(1994, 11, 6), date(1994, 11, 6)),
        (KOHOKU, date(2024, 10, 1), date(1994, 11, 6)),
        (TOTSUKA, date(1986, 11, 2), date(1969, 10, 1)),
        (TOTSUKA, date(1986, 11, 3), date(1986, 11, 3)),
    ],
)
def test_a_figure_refers_to_the_version_of_its_day(areas: Gazetteer, code: str, day: date, issued: date) -> None:
    assert areas.version_on(code, day).issued == issued


def test_an_area_has_no_version_before_it_existed(areas: Gazetteer) -> None:
    with pytest.raises(Unexpected, match="existed on 1994-11-05"):
        areas.version_on(AOBA, date(1994, 11, 5))


def test_versions_of_an_area_follow_one_another_without_gap(areas: Gazetteer) -> None:
    for code in areas.areas:
        versions = [each for each in areas.versions if each.area.code == code]
        assert [each.valid for each in versions[:-1]] == [each.issued for each in versions[1:]]
        assert all(each.valid is None for each in versions[-1:])
