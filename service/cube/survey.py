"""What the columns of the cubes hold, looked at once a release and not by each worker for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.cube.kinds import Kind
from service.cube.relation import Terms

# Of larger cubes a worker looks at a column when it is first asked about: all together would delay the start.
MAX_ROWS = 20_000_000

# A cube and a component of it.
Place = tuple[str, str]


@dataclass(frozen=True)
class Survey:
    """Kinds of numbers, and every value of what has few (None: many), as far as they are known."""

    kinds: Mapping[Place, Kind] = field(default_factory=dict)
    domains: Mapping[Place, Terms | None] = field(default_factory=dict)
