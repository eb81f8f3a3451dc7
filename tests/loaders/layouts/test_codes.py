"""Ages and sexes, however a table writes them, become one code; what is no age is refused."""

import pytest

from loaders.errors import Unexpected
from loaders.layouts.codes import age, age_up_to, sex


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "Y0"),
        ("5歳", "Y5"),
        ("120歳以上", "Y120T"),
        ("  ０   ～  ４ 歳", "Y0T4"),
        ("５   ～   ９", "Y5T9"),
        ("  55   ～  59 歳", "Y55T59"),
        ("100 歳 以 上", "Y100T"),
        ("年齢不詳", "UNKNOWN"),
        ("総　　数", "TOTAL"),
        ("合計", "TOTAL"),
        ("15 歳 未 満", "Y0T14"),
    ],
)
def test_every_spelling_of_an_age_has_its_code(text: str, code: str) -> None:
    assert age(text) == code


def test_last_age_written_as_a_single_year_is_open() -> None:
    assert [age_up_to(100)(text) for text in ("99", "100")] == ["Y99", "Y100T"]


@pytest.mark.parametrize("text", ["", "歳", "平 均 年 齢", "【 再　　掲 】", "1000歳", "-1"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(Unexpected, match="an age such as"):
        age(text)


def test_sex_is_one_of_three() -> None:
    assert [sex(text) for text in ("総　数", "男", "女")] == ["T", "M", "F"]
    with pytest.raises(Unexpected):
        sex("不詳")
