"""Where the label of an area has room."""

import itertools
import math
from collections.abc import Sequence

Edge = tuple[tuple[float, float], tuple[float, float]]


def roomiest(ring: Sequence[Sequence[float]], steps: int = 16) -> tuple[float, float]:
    """The point inside a ring that is farthest from its edge, on a grid: where a label has most room.

    Letters stand side by side, so room to the left and right counts half.

    >>> x, y = roomiest([(0, 0), (8, 0), (8, 8), (6, 8), (6, 2), (0, 2), (0, 0)])
    >>> 5 < x < 8, 0 < y < 8
    (True, True)
    """
    points = [(x / 2, y) for x, y, *_ in ring]
    edges = list(itertools.pairwise(points))
    xs, ys = zip(*points, strict=True)
    grid = [
        (min(xs) + (max(xs) - min(xs)) * (column + 0.5) / steps, min(ys) + (max(ys) - min(ys)) * (row + 0.5) / steps)
        for column in range(steps)
        for row in range(steps)
    ]
    within = [each for each in grid if _is_inside(each, edges)] or grid
    x, y = max(within, key=lambda point: min(_distance(point, edge) for edge in edges))
    return x * 2, y


def _is_inside(point: tuple[float, float], edges: Sequence[Edge]) -> bool:
    """Whether a line to the right crosses the edge an odd number of times."""
    x, y = point
    crossed = (a for a in edges if (a[0][1] > y) != (a[1][1] > y))
    return sum(x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in crossed) % 2 == 1


def _distance(point: tuple[float, float], edge: Edge) -> float:
    (x, y), ((x0, y0), (x1, y1)) = point, edge
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = max(0.0, min(1.0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length)) if length else 0.0
    return math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
