"""schema.org for search engines, as a data block in every page."""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from service import texts
from service.pages.shown import Shown
from service.release import Release
from service.things.graph import DCAT, DCT, ODRS, QB, RDFS, SCHEMA, SKOS, Graph


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
    (f"{DCAT}Dataset", "Dataset"),
    (f"{DCAT}Catalog", "DataCatalog"),
    (f"{DCAT}DataService", "WebAPI"),
    (f"{SKOS}ConceptScheme", "DefinedTermSet"),
    (f"{SKOS}Concept", "DefinedTerm"),
    ("http://www.w3.org/ns/org#FormalOrganization", "Organization"),
)


def about_thing(shown: Shown, iri: str, page: str, more: Mapping[str, object] = MappingProxyType({})) -> Markup:
    """The page for search engines, in the one vocabulary that they read. `more` is what else is said of the thing."""
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
    return data_block({name: value for name, value in {**about, **more}.items() if value not in ([], "")})


def of_data_set(graph: Graph, iri: str, files: Iterable[tuple[str, str]], language: str) -> Mapping[str, object]:
    """What search engines for data sets ask for besides the name. `files` are media types and absolute addresses."""

    def text(subject: str, *names: str) -> str:
        found = texts.best(graph.objects(subject, *names), language)
        return found.value if found else ""

    publishers = [
        {"@type": "Organization", "@id": each.value, "name": text(each.value, f"{RDFS}label")}
        for each in graph.objects(iri, f"{DCT}publisher")
    ]
    # In both languages, since a short text in one is not listed: Google's data set search wants 50 characters.
    descriptions = sorted(graph.objects(iri, f"{DCT}description"), key=lambda each: each.language != language)
    credits_ = [text(each.value, f"{ODRS}attributionText") for each in graph.objects(iri, f"{DCT}rights")]
    return {
        "description": "\n\n".join(each.value for each in descriptions),
        "license": [each.value for each in graph.objects(iri, f"{DCT}license")],
        "creator": publishers,
        "publisher": publishers,
        "creditText": credits_,
        "keywords": [each.value for each in graph.objects(iri, f"{DCAT}keyword")],
        "dateModified": text(iri, f"{DCT}modified"),
        "version": text(iri, f"{DCAT}version"),
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": address}
            for media_type, address in files
        ],
    }


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
