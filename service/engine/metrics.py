"""What happens here in numbers, for Prometheus. Nothing in them tells who asked or what."""

from collections.abc import Sized
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """One registry for one service, so that two in a process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.queries = Counter("lod_queries", "Queries by how they ended", ["outcome"], registry=self._registry)
        self.seconds = Histogram(
            "lod_query_seconds", "Seconds by phase", ["phase"], buckets=_SECONDS, registry=self._registry
        )
        self.bytes = Counter("lod_answer_bytes", "Bytes of answers sent", registry=self._registry)
        self.restarts = Counter("lod_worker_restarts", "Workers that ended and were replaced", registry=self._registry)
        self.gave_way = Counter(
            "lod_queries_gave_way", "Long queries stopped for short ones, to begin anew", registry=self._registry
        )
        self.cache = Counter("lod_cache", "Queries answered without a worker", ["result"], registry=self._registry)

    def watch(self, running: Sized, waiting: Sized, workers: Sized, idle: Sized) -> None:
        """Shows how many there are whenever somebody looks."""
        for name, about, items in (
            ("lod_queries_running", "Queries evaluated now", running),
            ("lod_queries_waiting", "Queries that wait for a worker", waiting),
            ("lod_workers", "Worker processes", workers),
            ("lod_workers_idle", "Worker processes that wait for a query", idle),
        ):
            Gauge(name, about, registry=self._registry).set_function(partial(_count, items))

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self._registry)


def _count(items: Sized) -> float:
    return float(len(items))
