"""Whether Oxigraph would be about as fast by itself: it is where few observations have to be looked at.

Measured: about 4 µs for each value of an observation that it fetches, on 1 M; it begins with the first pattern that has
a constant object, and hands out rows as it finds them.

Each engine has its own order of rows, and all pages of a query have to come from one, so who answers does not depend on
LIMIT and OFFSET. The first rows of a cube cost some milliseconds more than Oxigraph's, row 280,000 a hundredth.
"""

import pyoxigraph as ox

from service.cube.catalogue import DATA_SET, OBSERVATION, RDF_TYPE, Cube
from service.cube.errors import NotUnderstood
from service.cube.question import Desk
from service.cube.stars import Star, split
from service.cube.syntax import (
    Ask,
    Bind,
    Filter,
    Group,
    Optional,
    Part,
    Query,
    Triple,
    Triples,
    Values,
)


def refuse_few(query: Query, desk: Desk, few: int) -> None:
    """Raises NotUnderstood if Oxigraph finds the answer by fetching `few` values of observations."""
    star = _only_star(query, desk)
    if star is None:
        return
    if few > 1 and _first_will_do(query):
        raise NotUnderstood("the first solution, which Oxigraph finds at once")
    looked_at = sum(_looked_at(star, cube, desk) for cube in star.cubes) * _fetched(star, query)
    if looked_at <= few:
        raise NotUnderstood(f"about {looked_at} values of observations, which Oxigraph looks through as fast")


def _only_star(query: Query, desk: Desk) -> Star | None:
    """The star of a query that has one, and beside it nothing that Oxigraph could be slow at."""
    elements = query.where.elements
    stars, _ = split([one for each in elements if isinstance(each, Triples) for one in each.triples], desk.cubes)
    if len(stars) != 1 or not all(_simple(each, stars[0]) for each in elements):
        return None
    return stars[0]


def _simple(element: Part, star: Star) -> bool:
    """An option is if it is about the observation itself."""
    match element:
        case Optional(Group((Triples(triples),))):
            return all(each.subject == star.subject for each in triples)
    return isinstance(element, Triples | Filter | Bind | Values)


def _fetched(star: Star, query: Query) -> int:
    """How many values of each observation are fetched."""
    options = sum(isinstance(each, Optional) for each in query.where.elements)
    return max(1, options + sum(isinstance(value, ox.Variable) for _, value in star.required))


def _first_will_do(query: Query) -> bool:
    """Whether any observation answers it."""
    elements = query.where.elements
    return isinstance(query, Ask) and all(
        isinstance(each, Triples) and all(map(_open, each.triples)) for each in elements
    )


def _open(triple: Triple) -> bool:
    """Whether every observation, or what it refers to, can match it."""
    constant = triple.predicate == ox.NamedNode(RDF_TYPE) and triple.object == ox.NamedNode(OBSERVATION)
    return constant or isinstance(triple.object, ox.Variable)


def _looked_at(star: Star, cube: Cube, desk: Desk) -> int:
    for property_, value in star.required:
        if isinstance(value, ox.Variable):
            continue
        component = cube.component(property_)
        if property_ in {RDF_TYPE, DATA_SET} or component is None:
            return cube.rows
        values = desk.duck.domain(cube, component)
        return cube.rows // max(len(values), 1) if values is not None else cube.rows
    return cube.rows
