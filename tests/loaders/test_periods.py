"""Years, fiscal years, months and days as periods, and the dates of print layouts."""

from datetime import date

import pytest

from loaders.dates import era_day, period, triples
from loaders.errors import Unexpected


@pytest.mark.parametrize(
    ("id_", "kind", "begin", "end", "ja", "en"),
    [
        ("1920", "year", date(1920, 1, 1), date(1921, 1, 1), "1920年", "1920"),
        ("fy2014", "fiscal-year", date(2014, 4, 1), date(2015, 4, 1), "2014年度", "fiscal year 2014"),
        (
            "fy2018--fy2021",
            "fiscal-years",
            date(2018, 4, 1),
            date(2022, 4, 1),
            "2018〜2021年度",
            "fiscal years 2018 to 2021",
        ),
        ("2024-12", "month", date(2024, 12, 1), date(2025, 1, 1), "2024年12月", "December 2024"),
        ("2021-09-30", "day", date(2021, 9, 30), date(2021, 10, 1), "2021年9月30日", "30 September 2021"),
    ],
)
def test_a_period_follows_from_its_name(id_: str, kind: str, begin: date, end: date, ja: str, en: str) -> None:
    found = period(id_)
    assert (found.kind, found.begin, found.end, found.ja, found.en) == (kind, begin, end, ja, en)


@pytest.mark.parametrize(
    ("id_", "names"),
    [
        ("1989-01", {"昭和64年1月", "平成元年1月"}),
        ("2019", {"平成31年", "令和元年"}),
        ("fy2014", {"平成26年度"}),
        ("fy2018--fy2021", {"平成30年度〜令和3年度"}),
        ("2021-09-30", {"令和3年9月30日"}),
    ],
)
def test_a_period_also_has_its_era_names(id_: str, names: set[str]) -> None:
    found = {str(value) for _, property_, value in triples({id_}) if str(property_).endswith("altLabel")}
    assert found == names


@pytest.mark.parametrize(
    "id_", ["2021-02-30", "2021-13", "21", "fy14", "2021-9-30", "fy2021--fy2018", "fy2021--fy2021", ""]
)
def test_what_names_no_period_is_refused(id_: str) -> None:
    with pytest.raises(Unexpected, match="a period such as"):
        period(id_)


@pytest.mark.parametrize(
    ("text", "day"), [("平成１５年１月１日現在", date(2003, 1, 1)), ("令和2年1月1日現在", date(2020, 1, 1))]
)
def test_era_dates_are_days_of_the_calendar(text: str, day: date) -> None:
    assert era_day(text) == day


@pytest.mark.parametrize("text", ["平成15年2月30日", "平成15年", "2003-01-01", "平成40年1月1日", "現在"])
def test_what_is_no_era_date_is_refused(text: str) -> None:
    with pytest.raises(Unexpected):
        era_day(text)
