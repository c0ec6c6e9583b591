"""An HTTP server that keeps what is sent to it, and reads the spans out of it where it plays the traces' collector."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Listener:
    """Keeps path, headers and body of what is sent to it."""

    def __init__(self, status: int) -> None:
        heard: list[tuple[str, dict[str, str], bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.heard = heard
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self, name: str) -> list[dict[str, str]]:
        """The attributes of the spans of this name."""
        requests = [ExportTraceServiceRequest.FromString(body) for path, _, body in self.heard if path == "/v1/traces"]
        scopes = [scope for each in requests for resource in each.resource_spans for scope in resource.scope_spans]
        return [
            {attribute.key: attribute.value.string_value for attribute in span.attributes}
            for scope in scopes
            for span in scope.spans
            if span.name == name
        ]


@contextmanager
def listening(status: int) -> Iterator[Listener]:
    made = Listener(status)
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
