"""What the catalogue says of files and services is what they are."""

import hashlib

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service
from service.things.graph import DCAT

MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
OFFERED = """
SELECT ?file ?type ?packed ?bytes ?sha256 WHERE {
  ?one dcat:downloadURL ?file ; dcat:mediaType ?type .
  OPTIONAL { ?one dcat:compressFormat ?packed }
  OPTIONAL { ?one dcat:byteSize ?bytes ; spdx:checksum/spdx:checksumValue ?sha256 }
}
"""


@pytest.fixture(scope="module")
def store(service: Service) -> ox.Store:
    return ox.Store.read_only(str(service.release.store))


def test_each_file_is_sent_in_the_format_size_and_content_that_the_catalogue_states(
    client: httpx.Client, service: Service, store: ox.Store
) -> None:
    offered = list(store.query(OFFERED, prefixes=dict(service.release.prefixes)))
    assert len(offered) == len(service.release.datasets) + len(service.release.cubes)
    for row in offered:
        path = service.urls.path(row["file"].value) or ""
        with client.stream("GET", path) as answer:
            content = b"".join(answer.iter_raw())
        stated = (row["packed"] or row["type"]).value.removeprefix(MEDIA_TYPE)
        assert answer.headers["Content-Type"] == stated, path
        assert bool(row["packed"]) == path.endswith(".gz")
        assert bool(row["bytes"]) == path.endswith(".parquet")
        if row["bytes"]:
            assert int(row["bytes"].value) == len(content), path
            assert row["sha256"].value == hashlib.sha256(content).hexdigest(), path


def test_the_service_of_the_catalogue_answers_and_describes_itself(
    client: httpx.Client, service: Service, store: ox.Store
) -> None:
    [quad] = store.quads_for_pattern(None, ox.NamedNode(f"{DCAT}service"), None)

    def stated(name: str) -> list[str]:
        return [each.object.value for each in store.quads_for_pattern(quad.object, ox.NamedNode(f"{DCAT}{name}"), None)]

    [endpoint], [description] = stated("endpointURL"), stated("endpointDescription")
    answer = client.get(service.urls.path(endpoint) or "", params={"query": "ASK {}"})
    assert answer.json()["boolean"] is True
    described = ox.parse(
        client.get(service.urls.path(description) or "", headers={"Accept": "text/turtle"}).text,
        format=ox.RdfFormat.TURTLE,
        base_iri=service.release.base_iri,
    )
    ours = "http://www.w3.org/ns/sparql-service-description#endpoint"
    assert [each.object.value for each in described if each.predicate.value == ours] == [endpoint]
    assert set(stated("servesDataset")) == {each.iri for each in service.release.datasets}
