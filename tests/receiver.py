"""A receiver of traces on loopback: what a collector hears over HTTP, decoded; it may be slow, or say no."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Receiver:
    """All that came: whole requests as bytes, and the spans in them."""

    def __init__(self, *, status: int = 200) -> None:
        self.url, self.status = "", status
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.silent = threading.Event()
        """Set, it takes what is sent and does not answer."""
        self.released = threading.Event()

    @property
    def spans(self) -> list[Any]:
        """Every span, in the order in which they came."""
        return [
            span
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def services(self) -> set[str]:
        """Who says to have sent them."""
        found = (ExportTraceServiceRequest.FromString(body).resource_spans for body in list(self.bodies))
        return {each.value.string_value for all_ in found for one in all_ for each in one.resource.attributes}


def told_of(span: Any) -> dict[str, Any]:
    """The attributes of a span as plain values."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@contextmanager
def receiving(*, status: int = 200) -> Iterator[Receiver]:
    """A receiver that answers so, as long as the block lasts."""
    receiver = Receiver(status=status)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            if receiver.silent.is_set():
                receiver.released.wait(20)
                return
            receiver.bodies.append(body)
            self.send_response(receiver.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
