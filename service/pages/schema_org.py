"""schema.org for search engines, as a data block in every page."""

import json
from collections.abc import Iterable

from markupsafe import Markup

from service import texts
from service.pages.shown import Shown
from service.release import Release
from service.things.graph import QB, SCHEMA, SKOS


def data_block(value: object) -> Markup:
    """JSON for a data block: no “<” can end the element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - nothing in it is markup any more


_SCHEMA_TYPES: tuple[tuple[str, str], ...] = (
    (f"{SCHEMA}AdministrativeArea", "AdministrativeArea"),
    (f"{SCHEMA}CivicStructure", "CivicStructure"),
    (f"{QB}Observation", "Observation"),
    ("http://www.w3.org/ns/dcat#Dataset", "Dataset"),
    ("http://www.w3.org/ns/dcat#Catalog", "DataCatalog"),
    (f"{SKOS}ConceptScheme", "DefinedTermSet"),
    (f"{SKOS}Concept", "DefinedTerm"),
    ("http://www.w3.org/ns/org#FormalOrganization", "Organization"),
)


def about_thing(shown: Shown, iri: str, page: str) -> Markup:
    """The page for search engines, in the one vocabulary that they read."""
    hrefs = {each.href for each in shown.types}
    kind = next((name for type_, name in _SCHEMA_TYPES if type_ in hrefs), "Thing")
    about: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": kind,
        "@id": iri,
        "name": shown.title.text,
        "alternateName": [each.text for each in shown.names if each.text != shown.title.text],
        "url": page,
    }
    if shown.map and shown.map.points:
        longitude, latitude = shown.map.points[0]
        about["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": latitude,
            "longitude": longitude,
        }
    if shown.licenses:
        about["subjectOf"] = {"@type": "WebPage", "@id": page, "license": [each.href for each in shown.licenses]}
    return data_block({name: value for name, value in about.items() if value != []})


def about_list(names: tuple[str, ...], url: str, total: int | None, items: Iterable[tuple[str, str]]) -> Markup:
    """A page of a list: `items` are names and absolute addresses of its things, in order."""
    about: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "ItemList",
        "@id": url,
        "name": list(names),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "url": address}
            for position, (name, address) in enumerate(items, 1)
        ],
    }
    return data_block(about if total is None else {**about, "numberOfItems": total})


def about_site(release: Release, url: str) -> Markup:
    data_sets = [
        {
            "@type": "Dataset",
            "@id": each.iri,
            "name": list(each.title.values()),
            "license": each.license,
            "dateModified": each.modified,
        }
        for each in release.datasets
    ]
    return data_block(
        {
            "@context": "https://schema.org/",
            "@type": "DataCatalog",
            "@id": url,
            "name": list(texts.TEXTS["site"]),
            "dataset": data_sets,
        }
    )
