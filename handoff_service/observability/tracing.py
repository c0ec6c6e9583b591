"""OpenTelemetry traces, where they are asked for: else nothing is imported and a span is nothing.

A span says what was done, for which turn and how long it took: no words, no names, no text of an error.
The tracer is our own and not the process's: libraries that trace by themselves would add addresses with ids in them.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

EXPORT_WITHIN = 3.0  # seconds; also what a collector that is away may cost at the end

_provider: Any = None
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))


class TracingNotInstalled(Exception):
    """Traces are asked for and the packages are missing; the message says how to get them."""


def start(endpoint: str) -> None:
    """Send spans to this OTLP/HTTP collector from now on; nothing without one. Raises `TracingNotInstalled`."""
    global _provider
    if not endpoint:
        return
    try:
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        sending = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ImportError:
        raise TracingNotInstalled(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the packages for traces are not installed. Install them by "
            "`uv pip install --python .venv/services/bin/python --require-hashes -r requirements/tracing.txt`, "
            "or leave the setting out."
        ) from None
    exporter = otlp.OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_WITHIN)
    _provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": "relevo"}))
    _provider.add_span_processor(sending.BatchSpanProcessor(exporter))


def stop() -> None:
    """Send what is left, and end."""
    global _provider
    if _provider is not None:
        _provider.shutdown()
        _provider = None


@contextmanager
def about(**attributes: str | None) -> Iterator[None]:
    """Every span in the block has these attributes, too; None is none."""
    token = _about.set({**_about.get(), **_known(attributes)})
    try:
        yield
    finally:
        _about.reset(token)


@contextmanager
def span(name: str, **attributes: str | None) -> Iterator[None]:
    """The block is a span, below the one around it. What it raises is told by its kind alone."""
    if _provider is None:
        yield
        return
    tracer = _provider.get_tracer("relevo")
    told = {**_about.get(), **_known(attributes)}
    kept_quiet = {"record_exception": False, "set_status_on_exception": False}
    with tracer.start_as_current_span(name, attributes=told, **kept_quiet) as current:
        try:
            yield
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(importlib.import_module("opentelemetry.trace").StatusCode.ERROR)
            raise


def _known(attributes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value is not None}


def headers() -> dict[str, str]:
    """`traceparent` of W3C, so that whoever is called can go on with the trace; nothing outside a span."""
    carrier: dict[str, str] = {}
    if _provider is not None:
        importlib.import_module("opentelemetry.trace.propagation.tracecontext").TraceContextTextMapPropagator().inject(
            carrier
        )
    return carrier
