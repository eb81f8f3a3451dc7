"""Which lists there are: what each can be filtered by, and the columns of its CSV.

The names of lists and filters are those that `loaders/lists.py` writes; a test compares them.
"""

from dataclasses import dataclass

Text = tuple[str, str]


@dataclass(frozen=True)
class Filter:
    """A parameter that takes codes. `label` (Japanese, English) is what a form calls it; `named` says whether there are
    few enough to name them all."""

    name: str
    label: Text
    ja: str
    en: str
    named: bool = True


@dataclass(frozen=True)
class Column:
    """A column of the CSV: what programs and people call it, and the way to its value through the JSON of a thing.

    `how` is text (the value itself), words (a text in the language asked for), code, label (the name of what is
    referred to); of several values all are written, with spaces between codes.
    """

    name: str
    heading: Text
    path: tuple[str, ...]
    how: str = "text"


@dataclass(frozen=True)
class Shown:
    """A column of the page, besides the name: its heading and the way to its value through the JSON of a thing."""

    heading: Text
    path: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A list. `columns` are those of its CSV, `shown` those of its page, where `figure` leads to what stands first for
    things without a name. `located` things can be asked for by place, those with `hours` by opening time."""

    name: str
    ja: str
    en: str
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    shown: tuple[Shown, ...]
    located: bool = True
    hours: bool = False
    figure: Shown | None = None

    @property
    def path(self) -> str:
        return f"/{self.name}"


def _column(name: str, ja: str, en: str, path: str, how: str = "text") -> Column:
    return Column(name, (ja, en), tuple(path.split("/")), how)


_WARD = Filter("ward", ("区", "Ward"), "所在する区（6桁の全国地方公共団体コード）", "the ward, by its six-digit code")

FACILITIES = Kind(
    "facilities",
    "施設",
    "facilities",
    (
        Filter("type", ("種類", "Type"), "施設の種類", "the type of facility"),
        _WARD,
        Filter("town", ("町", "Town"), "所在する町", "the town", named=False),
        Filter("hazard", ("災害の種別", "Hazard"), "対応する災害の種別", "a hazard that the site is designated for"),
        Filter("amenity", ("設備・サービス", "Amenity"), "設備・サービス", "an amenity that the facility has"),
    ),
    (
        _column("identifier", "番号", "Identifier", "identifier"),
        _column("name", "名称", "Name in Japanese", "label/ja"),
        _column("reading", "読み", "Reading", "label/ja-hrkt"),
        _column("name_en", "名称（英語）", "Name", "label/en"),
        _column("type", "種類（コード）", "Type (code)", "kind", "code"),
        _column("type_name", "種類", "Type", "kind", "label"),
        _column("area", "区（コード）", "Ward (code)", "in", "code"),
        _column("area_name", "区", "Ward", "in", "label"),
        _column("address", "住所", "Address", "address/text"),
        _column("postal_code", "郵便番号", "Postal code", "address/postalCode"),
        _column("telephone", "電話番号", "Telephone", "telephone"),
        _column("latitude", "緯度", "Latitude", "lat"),
        _column("longitude", "経度", "Longitude", "long"),
        _column("capacity", "収容人数", "Capacity", "capacity"),
        _column("hazards", "対応する災害（コード）", "Hazards (code)", "hazards", "code"),
        _column("iri", "IRI", "IRI", "id"),
    ),
    (
        Shown(("種類", "Type"), ("kind",)),
        Shown(("区", "Ward"), ("in",)),
        Shown(("住所", "Address"), ("address", "text")),
        Shown(("対応する災害", "Hazards"), ("hazards",)),
    ),
    hours=True,
)
AREAS = Kind(
    "areas",
    "地域（県・市・区・町）",
    "areas: prefecture, city, wards and towns",
    (Filter("level", ("階層", "Level"), "地域の階層", "the level of the area"), _WARD),
    (
        _column("identifier", "コード", "Code", "identifier"),
        _column("name", "名称", "Name in Japanese", "label/ja"),
        _column("reading", "読み", "Reading", "label/ja-hrkt"),
        _column("name_en", "名称（英語）", "Name", "label/en"),
        _column("level", "階層（コード）", "Level (code)", "kind", "code"),
        _column("part_of", "含む側（コード）", "Part of (code)", "isPartOf", "code"),
        _column("part_of_name", "含む側", "Part of", "isPartOf", "label"),
        _column("latitude", "緯度", "Latitude", "lat"),
        _column("longitude", "経度", "Longitude", "long"),
        _column("iri", "IRI", "IRI", "id"),
    ),
    (
        Shown(("階層", "Level"), ("kind",)),
        Shown(("含む側", "Part of"), ("isPartOf",)),
        Shown(("コード", "Code"), ("identifier",)),
    ),
)
DATASETS = Kind(
    "datasets",
    "データセット",
    "data sets",
    (
        Filter("theme", ("分野", "Theme"), "分野", "the theme"),
        Filter("publisher", ("公開者", "Publisher"), "公開者", "the publisher"),
    ),
    (
        _column("identifier", "番号", "Identifier", "identifier"),
        _column("title", "名称", "Title in Japanese", "title/ja"),
        _column("title_en", "名称（英語）", "Title", "title/en"),
        _column("description", "説明", "Description", "description", "words"),
        _column("theme", "分野（コード）", "Theme (code)", "theme", "code"),
        _column("publisher", "公開者", "Publisher", "publisher", "label"),
        _column("license", "ライセンス", "Licence", "license/id"),
        _column("modified", "更新日", "Modified", "modified"),
        _column("version", "版", "Version", "version"),
        _column("iri", "IRI", "IRI", "id"),
    ),
    (
        Shown(("説明", "Description"), ("description",)),
        Shown(("分野", "Theme"), ("theme",)),
        Shown(("公開者", "Publisher"), ("publisher",)),
        Shown(("更新日", "Modified"), ("modified",)),
        Shown(("ライセンス", "Licence"), ("license",)),
    ),
    located=False,
)
KINDS = (FACILITIES, AREAS, DATASETS)
