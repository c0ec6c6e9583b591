"""Traces: nothing where nobody asks for them, a clear word where packages are missing, and never words or names."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from handoff_service.observability import tracing
from handoff_service.settings import Settings
from handoff_service.switchboard.door import AssistantFailed, Door
from handoff_service.switchboard.turns import Turn
from tests.doubles.collector import listening
from tests.doubles.service import ROOT, SECRET, Service
from tests.doubles.widget import identity, open_widget

WORDS = "palabras-de-nadie"


class Noted(trace.NonRecordingSpan):
    """A span that can be looked at."""

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        here = trace.get_current_span().get_span_context()
        trace_id = here.trace_id or random.getrandbits(127) + 1
        super().__init__(trace.SpanContext(trace_id, random.getrandbits(63) + 1, False, trace.TraceFlags(1)))
        self.name, self.attributes, self.parent, self.status = name, dict(attributes), here.span_id, None

    def set_attribute(self, key: str, value: Any) -> None:
        self.attributes[key] = value

    def set_status(self, status: Any, description: str | None = None) -> None:
        self.status = (status, description)


class Notebook:
    """A stand-in for the SDK's provider and tracer; contexts and `traceparent` are the API's own."""

    def __init__(self) -> None:
        self.spans: list[Noted] = []

    def get_tracer(self, _name: str) -> Notebook:
        return self

    @contextmanager
    def start_as_current_span(self, name: str, attributes: dict[str, Any], **how: bool) -> Iterator[Noted]:
        self.spans.append(Noted(name, attributes))
        with trace.use_span(self.spans[-1], **how) as current:
            yield current


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    made = Notebook()
    monkeypatch.setattr(tracing, "_provider", made)
    return made


async def test_the_assistant_is_told_the_trace_and_a_span_tells_the_turn_and_no_words(notebook: Notebook) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.6)
    turn = Turn("turn-1", "conversation-1", "widget", WORDS, None, "es", WORDS, None, soon)
    with listening(503) as assistant:
        door = Door(Settings(relevo_secret=SECRET, rasa_url=assistant.url))
        with pytest.raises(AssistantFailed), tracing.span("turn", turn_id=turn.id):
            await door.ask(turn)
        await door.close()
    whole, call = notebook.spans[:2]
    assert (whole.name, whole.attributes) == ("turn", {"turn_id": "turn-1", "error.type": "AssistantFailed"})
    assert (call.name, call.attributes) == ("door", {"turn_id": "turn-1", "error.type": "ClientResponseError"})
    assert call.status == (trace.StatusCode.ERROR, None)
    assert call.parent == whole.get_span_context().span_id
    context = call.get_span_context()
    assert assistant.heard[0][1]["traceparent"] == f"00-{context.trace_id:032x}-{context.span_id:016x}-01"


async def test_what_a_block_is_about_is_told_by_its_spans_alone(notebook: Notebook) -> None:
    with tracing.about(turn_id="turn-1"), tracing.about(turn_id=None), tracing.span("slack", method="chat.postMessage"):
        pass
    with tracing.span("slack", method="chat.update", turn_id=None):
        pass
    told = [span.attributes for span in notebook.spans]
    assert told == [{"turn_id": "turn-1", "method": "chat.postMessage"}, {"method": "chat.update"}]


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)


def test_nothing_is_imported_and_nothing_told_where_no_collector_is_set() -> None:
    told = _python(
        "import sys, handoff_service.app\n"
        "from handoff_service.observability import tracing\n"
        "tracing.start('')\n"
        "with tracing.span('turn', turn_id='t'): print(tracing.headers())\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])"
    )
    assert told.stdout.splitlines() == ["{}", "[]"], told.stderr


def test_a_collector_without_the_packages_stops_the_start_and_says_what_to_install(tmp_path: Path) -> None:
    environment = {"RELEVO_SECRET": SECRET, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "DATA_DIR": tmp_path}
    told = _python(
        "import os, sys\n"
        f"os.environ.update({ {name: str(value) for name, value in environment.items()}!r})\n"
        "sys.modules['opentelemetry.sdk'] = None\n"
        "from handoff_service.__main__ import main\n"
        "sys.exit(main([]))"
    )
    assert told.returncode == 2
    assert "-r requirements/tracing.txt" in told.stderr
    assert "Traceback" not in told.stderr


async def test_a_collector_gets_the_spans_of_a_turn_and_nobody_s_words(tmp_path: Path) -> None:
    with listening(200) as collector:
        service = Service(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100")
        try:
            async with open_widget(service.start().url, identity=identity("C-1", f"Marta {WORDS}")) as widget:
                await widget.say(WORDS)
                await widget.message("assistant")
            service.service.stop()
        finally:
            service.stop()
    sent = b"".join(body for path, _, body in collector.heard if path == "/v1/traces")
    assert all(each in sent for each in (b"turn_id", b"door", b"relevo"))
    assert WORDS.encode() not in sent
    assert widget.conversation_id.encode() not in sent
