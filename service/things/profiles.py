"""Content negotiation by profile: which vocabulary a representation keeps to (W3C, Content Negotiation by Profile).

Without a profile asked for, a representation holds all that is published, in the words of docs/model.md.
"""

import re
from collections.abc import Iterable, Mapping

from service.errors import BadRequestError
from service.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from service.things.imi import PROFILE as IMI_PROFILE
from service.things.imi import covers

IMI = "imi"
# Token in ?profile= → IRI in Accept-Profile and Content-Profile.
PROFILES: Mapping[str, str] = {IMI: IMI_PROFILE}
FORMATS: tuple[Format, ...] = (TURTLE, JSONLD, RDFXML, NTRIPLES)
_ASKED = re.compile(r"<([^<>]*)>(?:\s*;\s*q\s*=\s*([0-9.]+))?")


def asked_for(parameters: Mapping[str, str], accept_profile: str | None) -> tuple[str, bool]:
    """The token of the profile asked for, empty for none, and whether nothing else will do.

    >>> asked_for({}, '<http://imi.go.jp/ns/core/rdf#>;q=0.8, <urn:example:other>')
    ('imi', False)
    """
    given = parameters.get("profile")
    if given is not None:
        token = next((name for name, iri in PROFILES.items() if given in {name, iri}), None)
        if token is None:
            allowed = list(PROFILES)
            raise BadRequestError(
                f"profile: one of {', '.join(allowed)} expected, {given[:60]!r} found.",
                f"profile には {'、'.join(allowed)} を指定してください（{given[:60]!r} でした）。",
                parameter="profile",
                allowed=allowed,
            )
        return token, True
    wanted = {iri: float(quality or 1) for iri, quality in _ASKED.findall(accept_profile or "") if _is_number(quality)}
    liked = [name for name, iri in PROFILES.items() if wanted.get(iri, 0) > 0]
    return (liked[0] if liked else ""), False


def _is_number(text: str) -> bool:
    return not text or re.fullmatch(r"[01](\.[0-9]{0,3})?", text) is not None


def links(data: str, current: str, types: Iterable[str]) -> Iterable[str]:
    """Where there is a representation in a profile, and the profile of this one (Content Negotiation by Profile, 7.2).

    `data` is the address of the thing's data in any format.
    """
    if covers(types):
        for token, iri in PROFILES.items():
            yield f'<{data}?profile={token}>; rel="alternate"; profile="{iri}"'
    if current:
        yield f'<{PROFILES[current]}>; rel="profile"'
