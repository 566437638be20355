"""Traces for OpenTelemetry, where an address for them is set: the sole importer of its SDK, which is an extra
(`telemetry`), and imported itself only where there is such an address.

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
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from opentelemetry import context
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.logs import TRACE
from api.observing import SEEN, Seen, route_of

PATH: Final = "/v1/traces"
EXPORT_SECONDS: Final = 5.0
"""For a receiver to take a batch; nobody waits for it but the thread that sends."""
FAREWELL_SECONDS: Final = 2.0
"""How long the last spans may take when the process ends."""
MOST_WAITING: Final = 4_096
"""Spans in memory that were not sent yet; beyond it the oldest are forgotten."""
_COMPLAINING: Final = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_NOTHING_ABOVE: Final = Context()


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


class _Step:
    """The time of one step; what ends it early marks it by its kind, never by its words."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span

    def __enter__(self) -> Span:
        self._token = context.attach(set_span_in_context(self._span))
        return self._span

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, place: object) -> None:
        context.detach(self._token)
        if kind is not None:
            self._span.set_attribute("error.type", kind.__name__)
        self._span.end()


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Spans of one process, on their way to one receiver."""

    provider: TracerProvider
    tracer: Tracer
    exporter: SpanExporter

    def within(self, kind: str, name: str) -> _Step:
        """One step below the one that is going on."""
        told = {"pithead.kind": kind, "pithead.name": name}
        return _Step(self.tracer.start_span(f"{kind} {name}", attributes=told))

    def around(self) -> Middleware:
        """What measures each request."""
        return Middleware(Traced, telemetry=self)

    async def close(self) -> None:
        """Send what is left, within its time. The SDK's own end waits half a minute for a receiver that is silent."""
        sending = threading.Thread(target=self.provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, FAREWELL_SECONDS)
        if sending.is_alive():
            self.exporter.shutdown()  # What is still waiting is not tried again.


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
        made = self.telemetry.tracer.start_span("request", context=_NOTHING_ABOVE, kind=SpanKind.SERVER)
        with _Step(made) as span:
            token = TRACE.set(f"{span.get_span_context().trace_id:032x}" if span.is_recording() else "")
            try:
                await self.app(scope, receive, send)
            finally:
                TRACE.reset(token)
                if span.is_recording():
                    _tell(span, scope)


def _tell(span: Span, scope: Scope) -> None:
    """What came of a request, as far as the log tells it too. A method may be any word of the caller's."""
    route, seen = route_of(scope), scope[SEEN]
    assert isinstance(seen, Seen)  # noqa: S101 # Whoever stands within put it there.
    method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": seen.status or 499,
            "pithead.request_id": seen.request_id if seen.own_id else "",
            "pithead.codes": seen.codes[:10],
        }
    )
    if seen.status >= 500:
        span.set_status(StatusCode.ERROR)


def telemetry_to(url: str, *, process: str, headers: Mapping[str, str], share: float) -> Telemetry:
    """Spans of this process (`pithead-…`), a share of all traces, sent to `url` in batches by a thread of their own."""
    exporter = OTLPSpanExporter(
        endpoint=url if url.endswith(PATH) else f"{url}{PATH}", headers=headers, timeout=EXPORT_SECONDS
    )
    # What the SDK would read of the environment is given here: the settings are read in one place.
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource({"service.name": f"pithead-{process}"}),
        shutdown_on_exit=False,
    )
    processor = BatchSpanProcessor(
        exporter,
        max_queue_size=MOST_WAITING,
        schedule_delay_millis=1_000,
        max_export_batch_size=512,
        export_timeout_millis=EXPORT_SECONDS * 1_000,
    )
    provider.add_span_processor(processor)
    seldom = Seldom()
    for name in _COMPLAINING:
        logging.getLogger(name).addFilter(seldom)
    return Telemetry(provider, provider.get_tracer("pithead"), exporter)
