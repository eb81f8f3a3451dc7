"""What JSON about a thing always holds: one frame a class, the keys of `ontology/context.jsonld` in order (MODEL 5.2).

A key of the frame is there even if nothing is known: then its value is null, [] or {} (see `Key.absent`). Whatever
else is published about a thing follows after the keys of its frame.
"""

from dataclasses import dataclass

DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
DQV = "http://www.w3.org/ns/dqv#"
GEO = "http://www.opengis.net/ont/geosparql#"
IC = "http://imi.go.jp/ns/core/rdf#"
ORG = "http://www.w3.org/ns/org#"
PROV = "http://www.w3.org/ns/prov#"
QB = "http://purl.org/linked-data/cube#"
SCHEMA = "http://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TIME = "http://www.w3.org/2006/time#"
FOAF = "http://xmlns.com/foaf/0.1/"


@dataclass(frozen=True)
class Frame:
    """`name` is the class in our JSON, `type` its IRI; of a class of our own, the path."""

    name: str
    type: str
    keys: tuple[str, ...]


_FACILITY = (
    "label identifier kind in address lat long geometry telephone fax contact page hours capacity amenities hazards "
    "alsoDesignatedShelter places identifiers operators modified derivedFrom"
)
_STATED = "citation source derivedFrom"
_TABLE = (
    ("Facility", f"{IC}施設型", _FACILITY),
    ("Equipment", f"{IC}設備型", _FACILITY),
    ("Event", f"{IC}イベント型", "label identifier start end location derivedFrom"),
    (
        "Area",
        f"{SCHEMA}AdministrativeArea",
        (
            "label identifier kind isPartOf lat long geometry sameAs exactMatch narrowMatch derivedFrom versions "
            "parts contains"
        ),
    ),
    (
        "AreaVersion",
        "/def/core#AreaVersion",
        "label versionOf issued valid area resultedFrom exactMatch closeMatch derivedFrom",
    ),
    ("AreaChange", f"{ORG}ChangeEvent", "label date before after source derivedFrom"),
    ("Observation", f"{QB}Observation", "dataSet refArea refPeriod status confidentiality derivedFrom"),
    (
        "Dataset",
        f"{DCAT}Dataset",
        (
            "title description identifier publisher license rights frequency spatial theme keyword modified version "
            "distributions derivedFrom"
        ),
    ),
    ("Structure", f"{QB}DataStructureDefinition", "label components"),
    ("Distribution", f"{DCAT}Distribution", "title mediaType downloadUrl byteSize checksum license"),
    ("Catalog", f"{DCAT}Catalog", "title description publisher license modified services datasets"),
    ("Period", f"{TIME}ProperInterval", "prefLabel altLabel identifier kind begins ends duration inScheme closeMatch"),
    ("Code", f"{SKOS}Concept", "prefLabel altLabel notation definition inScheme broader exactMatch"),
    ("CodeList", f"{SKOS}ConceptScheme", "prefLabel definition"),
    ("CodeCollection", f"{SKOS}Collection", "prefLabel member"),
    ("Organization", f"{ORG}FormalOrganization", "label identifier spatial exactMatch"),
    ("Unit", f"{ORG}OrganizationalUnit", f"label altLabel identifier unitOf subOrganizationOf {_STATED}"),
    ("Platform", f"{ORG}OrganizationalCollaboration", f"label altLabel identifier replacedBy {_STATED}"),
    ("Plan", "/def/core#PolicyPlan", f"title identifier kind issuedIn temporal publisher hasPart {_STATED}"),
    (
        "PolicyMeasure",
        "/def/core#PolicyMeasure",
        f"label identifier isPartOf subject hasPart indicators milestones {_STATED}",
    ),
    (
        "Indicator",
        "/def/core#Indicator",
        f"label identifier notation isPartOf sameAs relation computedBy notes {_STATED}",
    ),
    ("Milestone", "/def/core#Milestone", f"label identifier isPartOf temporal notes {_STATED}"),
    ("Query", f"{SH}SPARQLSelectExecutable", "label select seeAlso"),
    ("Project", f"{SCHEMA}Project", f"label identifier description location subject {_STATED}"),
    ("Place", f"{SCHEMA}Place", f"label isPartOf {_STATED}"),
    ("Measurement", f"{DQV}QualityMeasurement", "label computedOn metric stars"),
    ("Metric", f"{DQV}Metric", "label identifier definition seeAlso"),
    ("Load", f"{PROV}Activity", "label started ended used association"),
    ("Geometry", f"{GEO}Geometry", "wkt source"),
    ("Address", f"{IC}住所型", "text postalCode prefecture city ward town areaCode"),
    ("Contact", f"{IC}連絡先型", "telephone extension fax website"),
    ("Hours", f"{SCHEMA}OpeningHoursSpecification", "days opens closes"),
    ("Amenity", f"{SCHEMA}LocationFeatureSpecification", "feature value"),
    ("Quantity", f"{IC}数量型", "ageClass number note metadata"),
    ("Identifier", f"{IC}ID型", "scheme identifier"),
    ("Involvement", f"{IC}関与型", "role organization"),
    ("Rights", f"{DCT}RightsStatement", "attribution"),
    ("Document", f"{FOAF}Document", "license credit inDatasets"),
)
FRAMES = tuple(Frame(name, type_, tuple(keys.split())) for name, type_, keys in _TABLE)
# For what has no frame of its own.
ANYTHING = Frame("Thing", "", ("label",))
