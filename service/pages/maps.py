"""WKT → a small drawing: outlines of areas and dots for points, north up, nothing loaded."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 360.0, 300.0, 14.0
# Half the width in degrees of what is shown around a lonely point: about a kilometre.
LEAST_SPAN = 0.01
MAX_POINTS = 20_000

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_POINT = re.compile(rf"({_NUMBER})\s+({_NUMBER})")
_RING = re.compile(rf"\(\s*({_NUMBER}\s+{_NUMBER}[^()]*)\)")

Position = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """Rings of longitude and latitude, or single points."""

    rings: tuple[tuple[Position, ...], ...]
    points: tuple[Position, ...]

    @property
    def positions(self) -> list[Position]:
        return [*self.points, *(each for ring in self.rings for each in ring)]


@dataclass(frozen=True)
class Drawing:
    """What a template needs for an <svg>: paths in drawing units and dots."""

    width: int
    height: int
    context: str
    outline: str
    dots: tuple[Position, ...]
    points: tuple[Position, ...]
    scale_length: float
    scale_label: str
    west: float
    south: float
    east: float
    north: float


def read_wkt(text: str) -> Shape | None:
    """POINT, POLYGON and MULTIPOLYGON in CRS84; None for what cannot be drawn.

    >>> read_wkt("POINT(139.53 35.55)").points
    ((139.53, 35.55),)
    """
    kind = text.lstrip().partition("(")[0].strip().upper()
    if kind == "POINT":
        return Shape((), tuple(_positions(text)[:1])) if _POINT.search(text) else None
    if kind not in {"POLYGON", "MULTIPOLYGON"} or len(text) > MAX_POINTS * 24:
        return None
    rings = tuple(tuple(_positions(ring)) for ring in _RING.findall(text))
    return Shape(rings, ()) if rings else None


def _positions(text: str) -> list[Position]:
    return [(float(x), float(y)) for x, y in _POINT.findall(text)]


def draw(shapes: Sequence[Shape], context: Sequence[Shape] = (), *, fit: bool = False) -> Drawing | None:
    """The shapes, with what lies around them drawn faintly; None if there is nothing to draw.

    The frame is around all of it or, to `fit`, around the shapes, and what does not reach into it is left out.
    """
    around = [*shapes] if fit else [*shapes, *context]
    positions = [each for shape in around for each in shape.positions]
    if not positions or not any(shape.positions for shape in shapes):
        return None
    frame = _Frame.around(positions)
    return Drawing(
        width=int(WIDTH),
        height=int(HEIGHT),
        context=frame.path(ring for shape in context for ring in shape.rings if frame.meets(ring)),
        outline=frame.path(ring for shape in shapes for ring in shape.rings),
        dots=tuple(frame.place(each) for shape in shapes for each in shape.points),
        points=tuple(each for shape in shapes for each in shape.points),
        scale_length=round(frame.pixels_per_metre * frame.scale_metres, 1),
        scale_label=_metres(frame.scale_metres),
        west=frame.west,
        south=frame.south,
        east=frame.east,
        north=frame.north,
    )


@dataclass(frozen=True)
class _Frame:
    """Equirectangular projection true at the middle latitude: enough for a city."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, positions: Sequence[Position]) -> "_Frame":
        xs, ys = [x for x, _ in positions], [y for _, y in positions]
        spare_x = max(0.0, LEAST_SPAN - (max(xs) - min(xs)) / 2)
        spare_y = max(0.0, LEAST_SPAN - (max(ys) - min(ys)) / 2)
        return cls(min(xs) - spare_x, min(ys) - spare_y, max(xs) + spare_x, max(ys) + spare_y)

    @property
    def _squeeze(self) -> float:
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def _unit(self) -> float:
        """Drawing units per degree of latitude."""
        across = (self.east - self.west) * self._squeeze
        return min(
            (WIDTH - 2 * MARGIN) / max(across, 1e-9),
            (HEIGHT - 2 * MARGIN) / max(self.north - self.south, 1e-9),
        )

    @property
    def pixels_per_metre(self) -> float:
        return self._unit / 111_320

    @property
    def scale_metres(self) -> int:
        """The longest round length that fills at most a third of the width."""
        longest = WIDTH / 3 / self.pixels_per_metre
        power = int(10 ** int(math.log10(max(longest, 1))))
        return next(step * power for step in (5, 2, 1) if step * power <= longest)

    def place(self, position: Position) -> Position:
        x, y = position
        left = (WIDTH - (self.east - self.west) * self._squeeze * self._unit) / 2
        top = (HEIGHT - (self.north - self.south) * self._unit) / 2
        across = (x - self.west) * self._squeeze * self._unit
        return round(left + across, 1), round(top + (self.north - y) * self._unit, 1)

    def meets(self, ring: Sequence[Position]) -> bool:
        """Whether the box around a ring reaches into the frame, margins included."""
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        wide, high = self.east - self.west, self.north - self.south
        return (
            min(xs) <= self.east + wide
            and max(xs) >= self.west - wide
            and min(ys) <= self.north + high
            and max(ys) >= self.south - high
        )

    def path(self, rings: Iterable[Sequence[Position]]) -> str:
        """SVG path data; points closer than half a unit to the last are left out."""
        return "".join(f"M{'L'.join(self._thinned(ring))}Z" for ring in rings)

    def _thinned(self, ring: Sequence[Position]) -> list[str]:
        kept: list[Position] = []
        for each in map(self.place, ring):
            if not kept or math.dist(kept[-1], each) >= 0.5:
                kept.append(each)
        return [f"{x:g} {y:g}" for x, y in kept]


def _metres(length: int) -> str:
    return f"{length // 1000} km" if length >= 1000 else f"{length} m"
