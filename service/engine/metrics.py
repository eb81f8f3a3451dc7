"""What happens here in numbers, for Prometheus. Nothing in them tells who asked or what."""

from collections.abc import Sized

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.engine.crew import Crew

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
PHASES = ("partners", "queue", "parse", "cube", "evaluate", "serialise", "total")


class Metrics:
    """One registry for one service, so that two in a process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.queries = Counter("lod_queries", "Queries by how they ended", ["outcome"], registry=self._registry)
        seconds = Histogram(
            "lod_query_seconds", "Seconds by phase", ["phase"], buckets=_SECONDS, registry=self._registry
        )
        self._phases = {each: seconds.labels(each) for each in PHASES}
        self.bytes = Counter("lod_answer_bytes", "Bytes of answers sent", registry=self._registry)
        self.gave_way = Counter(
            "lod_queries_gave_way", "Long queries stopped for others, to begin anew", registry=self._registry
        )
        self.partners = Counter(
            "lod_partner_requests", "Questions to partners by how they ended", ["outcome"], registry=self._registry
        )
        self.cache = Counter("lod_cache", "Queries answered without a worker", ["result"], registry=self._registry)

    def observe(self, phase: str, seconds: float) -> None:
        self._phases[phase].observe(seconds)

    def watch(self, running: Sized, waiting: Sized, crew: Crew) -> None:
        """Shows how many there are whenever somebody looks."""
        for name, about, count in (
            ("lod_queries_running", "Queries evaluated now", running.__len__),
            ("lod_queries_waiting", "Queries that wait for a worker", waiting.__len__),
            ("lod_workers", "Worker processes", crew.alive.__len__),
            ("lod_workers_idle", "Worker processes that wait for a query", crew.idle.__len__),
            ("lod_worker_restarts", "Worker processes that ended since the start", lambda: crew.deaths),
        ):
            Gauge(name, about, registry=self._registry).set_function(count)

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self._registry)
