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
    """A column of the CSV: the way to its value through the JSON of a thing.

    `how` is text (the value itself), code (the end of an IRI), label (a name in Japanese); of several values all are
    written, with spaces between codes.
    """

    header: str
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


def _columns(*columns: tuple[str, str] | tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(header, tuple(path.split("/")), *how) for header, path, *how in columns)


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
    _columns(
        ("identifier", "identifier"),
        ("name", "label/ja"),
        ("reading", "label/ja-hrkt"),
        ("name_en", "label/en"),
        ("type", "kind", "code"),
        ("type_name", "kind", "label"),
        ("area", "in", "code"),
        ("area_name", "in", "label"),
        ("address", "address/text"),
        ("postal_code", "address/postalCode"),
        ("telephone", "telephone"),
        ("latitude", "lat"),
        ("longitude", "long"),
        ("capacity", "capacity"),
        ("hazards", "hazards", "code"),
        ("iri", "id"),
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
    _columns(
        ("identifier", "identifier"),
        ("name", "label/ja"),
        ("reading", "label/ja-hrkt"),
        ("name_en", "label/en"),
        ("level", "kind", "code"),
        ("part_of", "isPartOf", "code"),
        ("part_of_name", "isPartOf", "label"),
        ("latitude", "lat"),
        ("longitude", "long"),
        ("iri", "id"),
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
    _columns(
        ("identifier", "identifier"),
        ("title", "title/ja"),
        ("title_en", "title/en"),
        ("description", "description/ja"),
        ("theme", "theme", "code"),
        ("publisher", "publisher", "label"),
        ("license", "license/id"),
        ("modified", "modified"),
        ("version", "version"),
        ("iri", "id"),
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
