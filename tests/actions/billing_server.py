"""A billing system as openapi.yml describes it, over real HTTP: the demo operator behind it, and faults on demand.

It knows nothing of the client's table of routes: paths, parameters and shapes come from the document alone.
"""

from __future__ import annotations

import inspect
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml
from jsonschema import Draft202012Validator, RefResolver

from actions.backend.cases import RequestRefusedError
from actions.backend.codec import decoded, encoded, hints_of
from actions.backend.http import billing
from actions.backend.interface import Backend, UnknownCustomerError

DOCUMENT = Path(billing.__file__).with_name("openapi.yml")
TOKEN = "token-of-the-billing-system"
TOO_LONG_S = 4.0


@cache
def openapi() -> Mapping[str, Any]:
    document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return document


def is_as_described(schema: Mapping[str, Any], value: Any) -> bool:
    validator = Draft202012Validator(schema, resolver=RefResolver("", openapi()))
    return bool(validator.is_valid(value))


def schema_in(content_holder: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = content_holder["content"]["application/json"]["schema"]
    return schema


@dataclass
class BillingSystem:
    """`fault`: none, slow, drip, broken (500), reset, reset_once, garbage, empty, floats, extra, moved, other_404."""

    backend: Backend
    fault: str = ""
    seen: list[tuple[str, str | None]] = field(default_factory=list)
    sent_bodies: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        system = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                system.answer(self, "get")

            def do_POST(self) -> None:
                system.answer(self, "post")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, method: str) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self.fault
        if fault in ("reset", "reset_once"):
            self.fault = "" if fault == "reset_once" else fault
            _reset(handler)
            return
        if fault == "slow":
            time.sleep(TOO_LONG_S)
        status, answer = self._answer_to(handler, method, body)
        content = _spoiled(fault, answer)
        if fault in ("broken", "moved", "other_404"):
            status, content = {"broken": 500, "moved": 302, "other_404": 404}[fault], b'{"error": "oh"}'
        with suppress(OSError):  # whoever asked did not wait
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            _write(handler, content, slowly=fault == "drip")

    def _answer_to(self, handler: BaseHTTPRequestHandler, method: str, body: bytes) -> tuple[int, Any]:
        address = urlsplit(handler.path)
        operation, values = _operation(method, address.path.removeprefix("/api"))
        key = handler.headers.get("Idempotency-Key")
        self.seen.append((operation["operationId"], key))
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "unauthorized"}
        values.update({name: given[0] for name, given in parse_qs(address.query).items()})
        _check_parameters(operation, values, key)
        try:
            given = self._call(operation, values, body, key)
        except UnknownCustomerError:
            return _declared(operation, 404, {"error": "unknown_customer"})
        except RequestRefusedError as refused:
            return _declared(operation, 422, {"error": "refused", "reason": refused.reason.value})
        return _declared(operation, 204 if "204" in operation["responses"] else 200, given)

    def _call(self, operation: Mapping[str, Any], values: dict[str, Any], body: bytes, key: str | None) -> Any:
        name = operation["operationId"]
        arguments: dict[str, Any] = dict(values)
        if "newest" in arguments:
            arguments["newest"] = int(arguments["newest"])
        if "requestBody" in operation:
            sent = json.loads(body)
            self.sent_bodies.append(sent)
            assert is_as_described(schema_in(operation["requestBody"]), sent), (name, sent)
            if name in ("customer_by_phone", "send_code"):
                arguments.update(sent)
            else:
                call = getattr(self.backend, name)
                (argument, kind), *_ = _facts_among(call)
                arguments[argument] = decoded(kind, sent)
        else:
            assert not body
        if key is not None:
            arguments["idempotency_key"] = key
        if name.endswith("_in_conversation"):
            name, arguments = name.removesuffix("_in_conversation"), {"customer_id": None, **arguments}
        elif name in ("complaints", "cases"):
            arguments["conversation_id"] = ""
        given = getattr(self.backend, name)(**arguments)
        if name == "customer_by_phone" and given is None:
            raise UnknownCustomerError
        return encoded(given)


def _operation(method: str, path: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """What is described for a path; one without parameters goes before one with."""
    for template in sorted(openapi()["paths"], key=lambda template: template.count("{")):
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template)
        match = re.fullmatch(pattern, path)
        if match and method in openapi()["paths"][template]:
            values = {name: unquote(value) for name, value in match.groupdict().items()}
            return openapi()["paths"][template][method], values
    raise AssertionError(f"{method} {path} is not described")


def _check_parameters(operation: Mapping[str, Any], values: Mapping[str, Any], key: str | None) -> None:
    described = set()
    for parameter in operation.get("parameters", []):
        reference = parameter.get("$ref", "").rsplit("/", 1)[-1]
        whole = openapi()["components"]["parameters"][reference] if reference else parameter
        described.add(whole["name"])
    assert described == {*values, *(["Idempotency-Key"] if key else [])}, operation["operationId"]


def _facts_among(call: Any) -> list[tuple[str, Any]]:
    hints = hints_of(call)
    return [
        (name, hints[name])
        for name in inspect.signature(call).parameters
        if hasattr(hints[name], "__mro__") and hints[name].__module__.startswith("actions.")
    ]


def _declared(operation: Mapping[str, Any], status: int, answer: Any) -> tuple[int, Any]:
    """The answer, which must be one of those described."""
    response = operation["responses"][str(status)]
    reference = response.get("$ref", "").rsplit("/", 1)[-1]
    whole = openapi()["components"]["responses"][reference] if reference else response
    if "content" in whole:
        assert is_as_described(schema_in(whole), answer), (operation["operationId"], answer)
    return status, answer


def _spoiled(fault: str, answer: Any) -> bytes:
    if answer is None or fault == "empty":
        return b""
    text = json.dumps(answer)
    if fault == "garbage":
        return text.encode()[: len(text) // 2]
    if fault == "floats":
        text = re.sub(r'"(-?\d+\.\d\d)"', r"\1", text)
    if fault == "extra" and isinstance(answer, dict):
        text = json.dumps({**answer, "something_new": {"x": 1}})
    return text.encode()


def _write(handler: BaseHTTPRequestHandler, content: bytes, slowly: bool) -> None:
    if not slowly:
        handler.wfile.write(content)
        return
    for byte in content:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Hangs up without an answer, as a crashing process does."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
