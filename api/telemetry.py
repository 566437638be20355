"""Traces for OpenTelemetry, where an address for them is set; the sole importer of its SDK, an extra (`telemetry`).

A request, the GraphQL operation in it, each act, each reading of the database and each call of the store are spans.
They bear names of ours alone: a route's pattern, a field of the schema, an operation's or a method's name, a status,
codes of Problems, the id of the request. No token, variable, document, statement, id of the record, address of a
caller or text of an exception is in one. A stranger's `traceparent` is not followed: it could join its requests to
the traces of others, or ask that none be kept.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.logs import TRACE
from api.observing import SEEN, route_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

PATH: Final = "/v1/traces"
EXPORT_SECONDS: Final = 5.0
"""For a receiver to take a batch; nobody waits for it but the thread that sends."""
FAREWELL_SECONDS: Final = 2.0
"""How long the last spans may take when the process ends."""
MOST_WAITING: Final = 4_096
"""Spans in memory that were not sent yet; beyond it the oldest are forgotten."""

_COMPLAINING: Final = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")


@dataclass(slots=True)
class Seldom(logging.Filter):
    """One line a minute of what the SDK complains of: a receiver that is away is away for each batch."""

    next_at: float = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is time again."""
        if (now := time.monotonic()) < self.next_at:
            return False
        self.next_at = now + 60
        return True


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Spans of one process, on their way to one receiver."""

    provider: "TracerProvider"
    tracer: "Tracer"

    @contextmanager
    def within(self, kind: str, name: str) -> Iterator[None]:
        """One step; what ends it early marks it by its kind, never by its words."""
        with self.tracer.start_as_current_span(
            f"{kind} {name}", attributes={"pithead.kind": kind, "pithead.name": name},
            record_exception=False, set_status_on_exception=False,
        ) as span:  # fmt: skip
            try:
                yield
            except BaseException as fault:
                span.set_attribute("error.type", type(fault).__name__)
                raise

    async def close(self) -> None:
        """Send what is left, within its time. The SDK's own end waits half a minute for a receiver that is silent."""
        sending = threading.Thread(target=self.provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, FAREWELL_SECONDS)


@dataclass(frozen=True, slots=True)
class Traced:
    """An ASGI application around the observed one: each HTTP request is a trace of its own, whose id the log has."""

    app: ASGIApp
    telemetry: Telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure one request; what a socket asks begins traces of its own."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind, StatusCode

        # An empty context: whatever stands in the one of this task, nothing is above a request.
        with self.telemetry.tracer.start_as_current_span(
            "request", context=Context(), kind=SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            token = TRACE.set(f"{span.get_span_context().trace_id:032x}" if span.is_recording() else "")
            try:
                await self.app(scope, receive, send)
            finally:
                TRACE.reset(token)
                route, seen = route_of(scope), scope[SEEN]
                span.update_name(f"{_method(scope)} {route}")
                span.set_attributes(
                    {
                        "http.request.method": _method(scope),
                        "http.route": route,
                        "http.response.status_code": seen.status or 499,
                        "pithead.request_id": seen.request_id if seen.own_id else "",
                        "pithead.codes": seen.codes[:10],
                    }
                )
                if seen.status >= 500:
                    span.set_status(StatusCode.ERROR)


def _method(scope: Scope) -> str:
    """A method may be any word of the caller's."""
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH") else "_OTHER"


def telemetry_to(url: str, *, process: str, headers: Mapping[str, str], share: float) -> Telemetry:
    """Spans of this process (`pithead-…`), a share of all traces, sent to `url` in batches by a thread of their own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    exporter = OTLPSpanExporter(
        endpoint=url if url.endswith(PATH) else f"{url}{PATH}", headers=headers, timeout=EXPORT_SECONDS
    )
    # What the SDK would read of the environment is given here: the settings are read in one place.
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource({"service.name": f"pithead-{process}"}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter,
            max_queue_size=MOST_WAITING,
            schedule_delay_millis=1_000,
            max_export_batch_size=512,
            export_timeout_millis=EXPORT_SECONDS * 1_000,
        )
    )
    seldom = Seldom()
    for name in _COMPLAINING:
        logging.getLogger(name).addFilter(seldom)
    return Telemetry(provider, provider.get_tracer("pithead"))
