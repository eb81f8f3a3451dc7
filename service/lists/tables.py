"""The tables of lists.sqlite, and how text is folded in them: one place for who writes and who reads."""

import json
import unicodedata
from collections.abc import Mapping, Sequence

import zstandard

# Subject → property → objects, each as value, kind (iri, blank, literal), language and datatype; what is empty at the
# end is left out. Blank nodes begin with `_:`.
Description = Mapping[str, Mapping[str, Sequence[Sequence[str]]]]

FILE = "lists.sqlite"
# Raised whenever a reader of the old tables would misread the new ones.
FORMAT = 2

# Of the compression: a higher one takes longer to write and saves a hundredth.
LEVEL = 9

TABLES = """
CREATE TABLE about(format INTEGER NOT NULL);

-- One row a thing, in the order of the identifiers of its list. `text` is everything that one may search for, folded;
-- `sort_name` the reading, or the name where there is none, folded. `description` is packed:
-- what the thing says itself, with its blank nodes and its geometry, and the names of what it refers to.
CREATE TABLE thing(
  id INTEGER PRIMARY KEY,
  list TEXT NOT NULL,
  identifier TEXT NOT NULL,
  iri TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  text TEXT NOT NULL,
  latitude REAL,
  longitude REAL,
  credit TEXT NOT NULL,
  license TEXT NOT NULL,
  description BLOB NOT NULL
);
CREATE UNIQUE INDEX thing_identifier ON thing(list, identifier);
CREATE INDEX thing_name ON thing(list, sort_name, identifier);

-- What a thing can be filtered and counted by: type, ward, hazard ...
CREATE TABLE tag(
  property TEXT NOT NULL,
  value TEXT NOT NULL,
  thing INTEGER NOT NULL,
  PRIMARY KEY (property, value, thing)
) WITHOUT ROWID;
CREATE INDEX tag_thing ON tag(thing, property);

-- Every value that a tag may have, with its names; also those that no thing has.
CREATE TABLE code(
  property TEXT NOT NULL,
  value TEXT NOT NULL,
  iri TEXT NOT NULL,
  ja TEXT NOT NULL,
  en TEXT NOT NULL,
  PRIMARY KEY (property, value)
) WITHOUT ROWID;

-- Minutes after midnight, Japan time; day 0 is Monday.
CREATE TABLE opening(thing INTEGER NOT NULL, day INTEGER NOT NULL, opens INTEGER NOT NULL, closes INTEGER NOT NULL);
CREATE INDEX opening_thing ON opening(thing, day);

CREATE VIRTUAL TABLE place USING rtree(id, west, east, south, north);
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='trigram');
"""

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def folded(text: str) -> str:
    """What a reader would call the same text: width, case, kana and spaces made alike (NFKC, hiragana).

    >>> folded("ﾅﾏﾑｷﾞ小学校　Ａ") == folded("なまむぎ小学校 a")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA).split())


def packed(description: Description) -> bytes:
    """A description as it is stored."""
    return zstandard.compress(json.dumps(description, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def unpacked(description: bytes) -> Description:
    """
    >>> unpacked(packed({"http://a/": {"http://b/": [["c", "literal", "en"]]}}))
    {'http://a/': {'http://b/': [['c', 'literal', 'en']]}}
    """
    content: Description = json.loads(zstandard.decompress(description))
    return content
