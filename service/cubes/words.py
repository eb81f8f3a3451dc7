"""What the pages about cubes say, in Japanese and English."""

from collections.abc import Mapping
from types import MappingProxyType

from service.cubes.model import Names

WORDS: Mapping[str, Names] = MappingProxyType(
    {
        "cubes": Names("統計", "Statistics"),
        "cubes_lead": Names(
            "SPARQLを書かずに、絞り込み・集計して表や図・ファイルで取得できる統計の一覧。",
            "Statistics to filter, sum up, look at and download without writing SPARQL.",
        ),
        "cubes_about": Names("{}の統計", "Statistics about {}"),
        "cubes_about_lead": Names(
            "この地域の値がある統計の一覧。選ぶと、この地域に絞り込んで表示します。",
            "The statistics that have figures about this area. Each link shows those of this area only.",
        ),
        "cubes_about_none": Names(
            "この地域の値がある統計はありません。", "No statistics have figures about this area."
        ),
        "all_cubes": Names("すべての統計", "All statistics"),
        "title": Names("名称", "Title"),
        "observations": Names("観測値の数", "Observations"),
        "dimensions": Names("分類", "Broken down by"),
        "measures": Names("数えているもの", "Measures"),
        "unit": Names("単位", "Unit"),
        "licence": Names("ライセンス", "Licence"),
        "source": Names("出典", "Source"),
        "modified": Names("更新日", "Modified"),
        "choose": Names("値を選ぶ", "Choose values"),
        "choose_help": Names(
            "何も選ばない分類は、表ではすべて、図では合計（時点は最新）を示す。複数選ぶときはCtrl（⌘）を押しながら。",
            "Where nothing is chosen, tables show every value and charts the total (or the latest period). "
            "Hold Ctrl (⌘) to choose several.",
        ),
        "all": Names("すべて", "all"),
        "codes_help": Names("コード（コンマ区切り）", "codes, separated by commas"),
        "total": Names("合計", "total"),
        "as_of": Names("区域をそろえる日（例 2024-01-01）", "On the boundaries of (a day such as 2024-01-01)"),
        "group": Names("残す分類（ほかは合計する）", "Keep apart (the rest is added up)"),
        "show": Names("表示", "Show"),
        "charts": Names("図", "Charts"),
        "line": Names("推移", "Over time"),
        "pyramid": Names("人口ピラミッド", "Population pyramid"),
        "map": Names("地図", "Map"),
        "choose_one": Names(
            "この選び方では描けない。「{0}」の値を1つだけ選ぶと描ける。",
            "This choice cannot be drawn. It can if you choose one value of “{0}” only.",
        ),
        "as_table": Names("この図の数値（表）", "The figures of this chart as a table"),
        "table": Names("表", "Table"),
        "value": Names("値", "Value"),
        "state": Names("状態", "Status"),
        "cells": Names("使用した値の数", "Cells used"),
        "comparability": Names("比較可能性", "Comparability"),
        "rows_of": Names("{1}行のうち{0}行。", "{0} of {1} rows. "),
        "next": Names("次の行", "Next rows"),
        "previous": Names("前の行", "Previous rows"),
        "download": Names("ファイルで取得", "Download"),
        "first_rows": Names("最初の{:,}行", "the first {:,} rows"),
        "for_excel": Names("CSV（Excel用）", "CSV for Excel"),
        "whole": Names("統計全体のParquet", "The whole cube as Parquet"),
        "this_as": Names("この表を使うには", "This as …"),
        "structure": Names("構造とコード（JSON）", "Structure and codes (JSON)"),
        "about_cube": Names("データセットの説明", "About the data set"),
        "no_rows": Names(
            "当てはまる値はありません（0ではありません）。", "There are no such figures, which is not zero."
        ),
        "marks": Names(
            "X は秘匿、… は欠測、* は一部を除いた合計、≈ は概数、> は「〜を超える」、"
            "≠ は区域が異なり比較不可、空欄は値が存在しないことを示す。どれも0ではない。",
            "X is suppressed, … is missing, * a sum without some of its parts, ≈ about, > more than, ≠ not comparable, "
            "blank means no figure. None is zero.",
        ),
        "image": Names("図の画像", "As an image"),
    }
)


def say(key: str, language: str, *values: object) -> str:
    """
    >>> say("rows_of", "en", 100, 774)
    '100 of 774 rows. '
    """
    return WORDS[key].text(language).format(*values)
