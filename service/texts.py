"""What pages say of themselves, in Japanese and English, and which of the two a visitor reads."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from service.things.graph import Term

LANGUAGES = ("ja", "en")
DEFAULT = "ja"
READING = "ja-hrkt"

# One row a sentence: Japanese, English.
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "site": ("横浜市リンクトオープンデータ", "Yokohama Linked Open Data"),
        "skip": ("本文へ移動", "Skip to the content"),
        "home": ("ホーム", "Home"),
        "datasets": ("データセット", "Data sets"),
        "statistics": ("統計", "Statistics"),
        "vocabulary": ("語彙とルール", "Vocabulary and rules"),
        "query": ("検索（SPARQL）", "Query (SPARQL)"),
        "navigation": ("サイト内の案内", "Site"),
        "other_language": ("English", "日本語"),
        "lead": (
            "横浜市の統計と施設のデータを、誰でも・プログラムからも使える形で公開しています。",
            "Statistics and facilities of the city of Yokohama, published for people and programs.",
        ),
        "release": ("公開版", "Release"),
        "triples": ("トリプル", "triples"),
        "title": ("名称", "Title"),
        "things": ("件数", "Things"),
        "observations": ("観測値", "Observations"),
        "modified": ("更新日", "Modified"),
        "licence": ("ライセンス", "Licence"),
        "dump": ("一括取得", "Download"),
        "wards": ("区", "Wards"),
        "codes": ("コード表", "Code lists"),
        "rules": ("データのルール（SHACL）", "Rules for the data (SHACL)"),
        "terms": ("用語", "Terms"),
        "examples": ("質問の例", "Questions to start from"),
        "query_label": ("SPARQLの問い合わせ", "SPARQL query"),
        "query_help": (
            "問い合わせを書いて「実行」を押してください。結果は選んだ形式で返ります。",
            "Write a query and press Run. The result comes in the format you choose.",
        ),
        "format": ("結果の形式", "Format of the result"),
        "run": ("実行", "Run"),
        "cite": ("引用のしかた", "How to cite"),
        "cite_how": (
            "データセット名、出典の表示、公開版、URLを書いてください。例:",
            "Give the data set, its attribution, the release and the URL. For example:",
        ),
        "formats": ("形式", "Formats"),
        "formats_how": (
            "どのページも、URLの末尾を変えるかAcceptヘッダーで同じ内容を次の形式で取得できます。",
            "Every page comes with the same content in these formats, by address or Accept header.",
        ),
        "identifier": ("このもののURI（識別子）", "URI (identifier)"),
        "facts": ("内容", "Facts"),
        "property": ("項目", "Property"),
        "value": ("値", "Value"),
        "true": ("はい", "yes"),
        "false": ("いいえ", "no"),
        "approximation": ("概数", "Approximate"),
        "unit": ("単位", "Unit"),
        "status": ("値の状態", "Status"),
        "confidentiality": ("秘匿の状態", "Confidentiality"),
        "map": ("地図", "Map"),
        "shape_of": ("{0}の形・位置", "Shape or position of {0}"),
        "map_text": (
            "北が上。範囲は西経度・南緯度から東経度・北緯度まで:",
            "North is up. Extent, west and south to east and north:",
        ),
        "map_source": ("座標は内容の表にあります。", "The coordinates are in the table of facts."),
        "incoming": ("これを参照しているもの", "What refers to this"),
        "in_all": ("全{0}件", "{0} in all"),
        "pointing": ("「{0}」がこれであるもの", "Whose “{0}” is this"),
        "page": ("{0}ページ目", "page {0}"),
        "next": ("次のページ", "Next page"),
        "previous": ("前のページ", "Previous page"),
        "pages": ("ページの移動", "Pages"),
        "described": ("この資料について", "About this description"),
        "dataset": ("データセット", "Data set"),
        "source": ("元のファイル", "Source file"),
        "credit": ("出典の表示", "Attribution"),
        "row": ("{0}行目", "row {0}"),
        "provenance": ("読込の記録", "Provenance"),
        "cite_example": (
            "横浜市「区別人口の推移（1920年〜）」を加工して作成。公開版 {0}。{1}",
            "Created by processing “Population by ward since 1920”, City of Yokohama. Release {0}. {1}",
        ),
        "cell": ("{0}行目・{1}列目", "row {0}, column {1}"),
        "column": ("{0}列目", "column {0}"),
        "sheet": ("シート{0}", "sheet {0}"),
        "sheet_cell": ("シート{0}の{1}行目・{2}列目", "sheet {0}, row {1}, column {2}"),
        "line": ("{0}行目", "line {0}"),
        "lines": ("{0}〜{1}行目", "lines {0} to {1}"),
        "after_line": ("{0}行目の後", "after line {0}"),
        "pointer": ("位置 {0}", "at {0}"),
        "fragment_help": (
            (
                "#row=、#col=、#cell= で終わるURIは、このファイルの行・列・セルを指します（見出し行が1行目）。"
                "前に #sheet= があれば、その番号のシートです。#line= は文章の行、#/ はJSONの中の位置です。"
            ),
            (
                "URIs ending in #row=, #col= or #cell= point to a row, column or cell of this file (header: row 1). "
                "#sheet= before it gives the number of the sheet, #line= points to a line of a text, #/ into JSON."
            ),
        ),
        "quality": ("検証の報告", "Validation report"),
        "quality_page": ("重さの順に、ルールごとに見る", "Rule by rule, gravest first"),
        "quality_lead": (
            "公開前に、すべてのデータを「語彙とルール」のSHACLで検査しています。見つかった点を、ルールごとに示します。",
            "All data is checked with the rules (SHACL) before publication. This is what they found, rule by rule.",
        ),
        "quality_aside": (
            "「違反」のあるデータは公開していません。「注意」や「参考」のあるデータは公開しています。",
            "What violates a rule is not published; data with warnings and notes is.",
        ),
        "severity": ("重さ", "Severity"),
        "rule": ("ルール", "Rule"),
        "findings": ("見つかった点", "Findings"),
        "finding_message": ("求めること", "What is required"),
        "finding_about": ("対象", "About"),
        "finding_value": ("見つかった値", "Value found"),
        "finding_place": ("元のファイルの位置", "Place in the source file"),
        "no_findings": ("ルールに反するところはありませんでした。", "No rule found anything to say."),
        "gone": (
            "このURIが表していたものは廃止されました",
            "What this URI stood for was withdrawn",
        ),
        "gone_on": ("廃止日時", "Withdrawn"),
        "external": ("（外部サイト）", "(external site)"),
        "more": ("内容をSPARQLで調べる", "Explore with SPARQL"),
        "machine": ("プログラム向け", "For programs"),
        "lists": ("一覧（絞り込み・地図・JSON-LD・GeoJSON・CSV）", "Lists (filters, map, JSON-LD, GeoJSON, CSV)"),
        "facilities": ("施設", "Facilities"),
        "areas": ("地域", "Areas"),
        "list_of": ("{0}の一覧", "List of {0}"),
        "find": ("{0}をさがす", "Find: {0}"),
        "search": ("さがす", "Search"),
        "more_conditions": ("ほかの条件", "More conditions"),
        "any": ("指定なし", "any"),
        "show_list": ("この条件で表示", "Show"),
        "clear": ("条件をすべて消す", "Clear all conditions"),
        "conditions": ("選んだ条件", "Conditions chosen"),
        "remove": ("{0}を外す", "Remove {0}"),
        "narrow": ("件数を見て絞り込む", "Narrow down"),
        "chosen_marker": ("選択中", "chosen"),
        "result": ("見つかったもの", "Result"),
        "found": ("{0}件", "{0}"),
        "shown_here": ("このページに{0}件", "{0} on this page"),
        "nothing_found": ("条件に合うものはありませんでした。", "Nothing meets the conditions."),
        "unknown": (
            "「{0}」について何も述べていないものが{1}件あります。この一覧には含まれていません。",
            "{1} things that meet the other conditions say nothing of “{0}”. They are not on this list.",
        ),
        "wrong": ("条件を直してください", "Please correct a condition"),
        "first_page": ("最初のページ", "First page"),
        "choose_dataset": (
            "データセットを選ぶと、その統計の値が一覧になります。表・グラフ・集計は「統計」にあります。",
            "Choose a data set to list its figures. Tables, charts and sums are under “Statistics”.",
        ),
        "list_programs": (
            "同じ条件の同じページを、次の形式でも取得できます。パラメータの説明はOpenAPIにあります。",
            "The same page with the same conditions comes in these formats too; OpenAPI describes the parameters.",
        ),
        "list_map": ("このページにあるものの位置", "Where the things on this page are"),
        "name": ("名称", "Name"),
        "door_facilities_with_code": ("このコードの施設の一覧", "List of facilities with this code"),
        "door_areas_with_code": ("この階層の地域の一覧", "List of areas of this level"),
        "door_datasets_with_code": ("この分野のデータセットの一覧", "List of data sets of this theme"),
        "door_facilities_of_ward": ("この区の施設の一覧", "Facilities of this ward"),
        "door_areas_of_ward": ("この区の町の一覧", "Towns of this ward"),
        "door_cubes_about_area": ("この地域の統計", "Statistics about this area"),
        "door_facilities_near": ("500m以内にある施設", "Facilities within 500 metres"),
        "door_cube": ("表・グラフ・集計", "Table, charts and sums"),
        "door_observations": ("値の一覧", "List of the figures"),
        "doors": ("一覧へ", "Lists"),
        "located": ("このうち位置が分かるもの: {0}件", "With a known position: {0}"),
        "no_figure": ("値なし", "no figure"),
        "observations_list": ("統計の値", "Figures"),
        "openapi": ("APIの説明（OpenAPI）", "What can be asked (OpenAPI)"),
        "prefixes": ("SPARQLの接頭辞", "Prefixes of SPARQL"),
        "about": (
            "このサイトのデータは各データセットのライセンスで利用できます。",
            "The data may be used under the licence of each data set.",
        ),
        "examples_lead": (
            "そのまま実行できます。",
            "Each runs as it is.",
        ),
    }
)


def text(key: str, language: str, *values: object) -> str:
    """
    >>> text("cell", "en", 3, 6)
    'row 3, column 6'
    """
    return TEXTS[key][LANGUAGES.index(language)].format(*values)


def preferred(accept: str | None) -> str:
    """The language of Accept-Language that we have, by its weight (RFC 9110, 12.5.4).

    >>> preferred("fr, en-GB;q=0.8, ja;q=0.1"), preferred("fr"), preferred(None)
    ('en', 'ja', 'ja')
    """
    best, weight = DEFAULT, 0.0
    for part in (accept or "")[:1_000].split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        wanted = _weight(parameter)
        if language in LANGUAGES and wanted > weight:
            best, weight = language, wanted
    return best


def in_address(language: str) -> list[tuple[str, str]]:
    """The parameters with which the canonical address of a page names its language. The language that comes to those
    who prefer none needs no name.

    >>> in_address("ja"), in_address("en")
    ([], [('lang', 'en')])
    """
    return [] if language == DEFAULT else [("lang", language)]


def _weight(parameter: str) -> float:
    if not parameter.strip():
        return 1.0
    match = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", parameter)
    return float(match[1]) if match else 0.0


def best(names: Iterable[Term], language: str) -> Term | None:
    """The name in the language asked for, else in the other, else without one; a reading last."""
    order = [language, *(each for each in LANGUAGES if each != language), "", READING]
    ranked = sorted(
        names,
        key=lambda name: (
            order.index(name.language) if name.language in order else len(order),
            name.value,
        ),
    )
    return ranked[0] if ranked else None
