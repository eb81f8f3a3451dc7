"""Logs as lines of JSON. They tell neither who asked nor, unless an operator wants it, what."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.engine.engine import digest
from service.engine.metrics import Metrics

QUERIES = logging.getLogger("service.queries")


class JsonLines(logging.Formatter):
    """One line an event: control characters in whatever is logged are escaped by JSON."""

    def format(self, record: logging.LogRecord) -> str:
        about: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            about["trace"] = self.formatException(record.exc_info)
        return json.dumps(about, ensure_ascii=False)


class QueryLog:
    """Writes one line a query and counts it."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def observe(self, timings: Mapping[str, float]) -> None:
        for phase, seconds in timings.items():
            self._metrics.observe(phase, seconds)

    def write(self, query: str, outcome: str, size: int, seconds: float) -> None:
        """`outcome` is answered, streamed, remembered, unchanged, left, broken-… or the status of a refusal."""
        self._metrics.queries.labels(outcome).inc()
        self._metrics.observe("total", seconds)
        self._metrics.bytes.inc(size)
        if QUERIES.isEnabledFor(logging.INFO):
            fields = {"query": digest(query), "outcome": outcome, "bytes": size, "ms": round(seconds * 1000, 2)}
            QUERIES.info("query", extra={"fields": fields})


def configuration(level: str) -> Mapping[str, Any]:
    """The logging of the service and of its server, for logging.config.dictConfig."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
    }
