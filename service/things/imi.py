"""A graph about a facility or an area → the same in the words of the IMI Core Vocabulary alone (MODEL 1.5, 3.11).

Texts carry no language tag, and coordinates are texts, as IMI has them. What IMI has no word for is left out.
"""

from collections.abc import Iterable, Iterator

from service.things.frames import IC
from service.things.graph import DCT, RDFS, SCHEMA, SKOS, TYPE, WGS, Graph, Term

PROFILE = "http://imi.go.jp/ns/core/rdf#"
FACILITY, EQUIPMENT, PLACE = f"{IC}施設型", f"{IC}設備型", f"{IC}場所型"
AREA = f"{SCHEMA}AdministrativeArea"
COVERED = frozenset({FACILITY, EQUIPMENT, AREA})
DAYS = {
    f"{SCHEMA}{name}": day
    for name, day in {
        "Monday": "月", "Tuesday": "火", "Wednesday": "水", "Thursday": "木", "Friday": "金", "Saturday": "土",
        "Sunday": "日", "PublicHolidays": "祝",
    }.items()
}  # fmt: skip
HAZARD = "/def/core#hazard"
# Hiragana → katakana: the blocks of Unicode lie side by side.
KATAKANA = {code: code + 0x60 for code in (*range(ord("ぁ"), ord("ゖ") + 1), ord("ゝ"), ord("ゞ"))}

_Triple = tuple[str, str, Term]


def covers(types: Iterable[str]) -> bool:
    """Whether things of these classes can be told in the words of IMI."""
    return not COVERED.isdisjoint(types)


def view(graph: Graph, iri: str) -> Graph:
    """Of a facility, a piece of equipment or an area."""
    types = {each.value for each in graph.objects(iri, TYPE)}
    class_ = next((each for each in (FACILITY, EQUIPMENT) if each in types), PLACE)
    return _graph([(iri, TYPE, Term(class_, "iri")), *_View(graph, iri).triples(class_)])


class _View:
    """Reads one thing; every blank node that it makes is named by what it is."""

    def __init__(self, graph: Graph, iri: str) -> None:
        self._graph = graph
        self._iri = iri

    def triples(self, class_: str) -> Iterator[_Triple]:
        yield from self._name()
        yield from self._codes(class_)
        yield from self._position()
        if class_ == PLACE:
            return
        yield from self._kept()
        yield from self._contact()
        yield from self._hours()
        yield from self._capacity()
        yield from self._remarks()

    def _part(self, property_: str, name: str, class_: str, *values: tuple[str, str]) -> Iterator[_Triple]:
        """A blank node of a class with those of the values that there are."""
        given = [(key, value) for key, value in values if value]
        if given:
            yield self._iri, IC + property_, Term(f"_:{name}", "blank")
            yield f"_:{name}", TYPE, Term(IC + class_, "iri")
            for key, value in given:
                yield f"_:{name}", IC + key, Term(value, "literal")

    def _text(self, subject: str, *properties: str, language: str = "") -> str:
        found = (each for each in self._graph.objects(subject, *properties) if each.language == language)
        return next((each.value for each in found), "")

    def _label(self, subject: str) -> str:
        return self._text(subject, f"{RDFS}label", f"{SKOS}prefLabel", language="ja")

    def _name(self) -> Iterator[_Triple]:
        kana = self._text(self._iri, f"{RDFS}label", language="ja-hrkt").translate(KATAKANA)
        yield from self._part("名称", "name", "名称型", ("表記", self._label(self._iri)), ("カナ表記", kana))

    def _codes(self, class_: str) -> Iterator[_Triple]:
        """The identifier, and what kind of thing it is."""
        number = self._text(self._iri, f"{DCT}identifier")
        property_ = "地理識別子" if class_ == PLACE else "ID"
        yield from self._part(property_, "key", "ID型", ("識別値", number))
        for kind in self._graph.objects(self._iri, f"{DCT}type"):
            label, code = self._label(kind.value), kind.value.rpartition("/")[2]
            if label:
                yield self._iri, f"{IC}種別", Term(label, "literal")
            yield from self._part("種別コード", "kind", "コード型", ("識別値", code), ("表記", label))

    def _position(self) -> Iterator[_Triple]:
        latitude, longitude = self._text(self._iri, f"{WGS}lat"), self._text(self._iri, f"{WGS}long")
        yield from self._part("地理座標", "position", "座標型", ("緯度", latitude), ("経度", longitude))

    def _kept(self) -> Iterator[_Triple]:
        """What is in IMI's words already: address, further identifiers, contact, operators, with their parts."""
        for name, terms in self._graph.properties(self._iri).items():
            for term in terms if name.startswith(IC) else ():
                yield self._iri, name, term
                if term.is_blank:
                    yield from self._kept_part(term.value)

    def _kept_part(self, node: str) -> Iterator[_Triple]:
        for name, terms in self._graph.properties(node).items():
            if name == TYPE or name.startswith(IC):
                yield from ((node, name, each) for each in terms)
                for each in terms:
                    if each.is_blank:
                        yield from self._kept_part(each.value)

    def _contact(self) -> Iterator[_Triple]:
        telephone, fax = self._text(self._iri, f"{SCHEMA}telephone"), self._text(self._iri, f"{SCHEMA}faxNumber")
        page = self._graph.first(self._iri, "http://xmlns.com/foaf/0.1/page")
        website = page.value if page else ""
        values = (("電話番号", telephone), ("FAX番号", fax), ("Webサイト", website))
        yield from self._part("連絡先", "contact", "連絡先型", *values)

    def _hours(self) -> Iterator[_Triple]:
        for number, hours in enumerate(self._graph.objects(self._iri, f"{SCHEMA}openingHoursSpecification")):
            stated = {each.value for each in self._graph.objects(hours.value, f"{SCHEMA}dayOfWeek")}
            values = (
                ("説明", "".join(day for iri, day in DAYS.items() if iri in stated)),
                ("開始時間", self._time(hours.value, "opens")),
                ("終了時間", self._time(hours.value, "closes")),
            )
            yield from self._part("利用可能時間", f"hours{number}", "定期スケジュール型", *values)

    def _time(self, node: str, property_: str) -> str:
        found = self._graph.first(node, SCHEMA + property_)
        return found.value if found else ""

    def _capacity(self) -> Iterator[_Triple]:
        found = self._graph.first(self._iri, f"{SCHEMA}maximumAttendeeCapacity")
        if found:
            yield from self._part("収容人数", "capacity", "数量型", ("数値", found.value), ("単位表記", "人"))

    def _remarks(self) -> Iterator[_Triple]:
        """Hazards and amenities, for which IMI has only words of description."""
        names = self._graph.properties(self._iri)
        hazards = next((terms for name, terms in names.items() if name.endswith(HAZARD)), ())
        labels = "、".join(sorted(filter(None, (self._label(each.value) for each in hazards))))
        yield from self._part("記述", "hazards", "記述型", ("種別", "対応する災害" if labels else ""), ("説明", labels))
        for number, feature in enumerate(self._graph.objects(self._iri, f"{SCHEMA}amenityFeature")):
            kind = self._graph.first(feature.value, f"{SCHEMA}propertyID")
            value = self._graph.first(feature.value, f"{SCHEMA}value")
            values = (("種別", self._label(kind.value) if kind else ""), ("説明", _plain(value)))
            yield from self._part("記述", f"amenity{number}", "記述型", *values)


def _plain(value: Term | None) -> str:
    """Yes and no as the publishers' files write them."""
    return {"true": "有", "false": "無"}.get(value.value, value.value) if value else ""


def _graph(triples: list[_Triple]) -> Graph:
    found: dict[str, dict[str, dict[Term, None]]] = {}
    for subject, name, term in triples:
        found.setdefault(subject, {}).setdefault(name, {})[term] = None
    return Graph({s: {name: tuple(terms) for name, terms in said.items()} for s, said in found.items()})
