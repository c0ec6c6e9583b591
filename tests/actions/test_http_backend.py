"""The billing system over HTTP: what is described is what is asked, and half an answer is none."""

from __future__ import annotations

import dataclasses
import re
import time
import types
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest

from actions.backend.calling import time_budget, within_time
from actions.backend.cases import ContactChange, DirectDebit, ExtraData, Refusal, RequestRefusedError
from actions.backend.codec import hints_of
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.http.billing import HttpBackend
from actions.backend.http.routes import ROUTES
from actions.backend.interface import Backend, BackendUnavailableError, UnknownCustomerError
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.doctor import examine
from tests.actions.billing_server import TOKEN, BillingSystem, openapi, schema_in
from tests.actions.running import SECRET, Turn, start_server, stop, verification

TODAY = date(2026, 11, 22)
IBAN = "ES9121000418450200051332"


@pytest.fixture
def system(tmp_path: Path) -> Iterator[BillingSystem]:
    running = BillingSystem(EmbeddedBackend(tmp_path / "backend.db", ComplaintTerms(), lambda: TODAY))
    yield running
    running.stop()


@pytest.fixture
def backend(system: BillingSystem) -> HttpBackend:
    return HttpBackend(system.url, TOKEN)


def operations() -> dict[str, tuple[str, str, Any]]:
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in openapi()["paths"].items()
        for method, operation in methods.items()
    }


def test_each_operation_is_asked_and_each_question_described() -> None:
    described = {name: (method, path) for name, (method, path, _) in operations().items()}
    assert described == {name: (route.method, route.path) for name, route in ROUTES.items()}


def test_each_call_of_the_backend_has_a_route() -> None:
    calls = {name for name in dir(Backend) if not name.startswith("_")}
    assert calls == {name for name in ROUTES if not name.endswith("_in_conversation")}


@pytest.mark.parametrize("name", ROUTES)
def test_bodies_answers_and_parameters_are_as_described(name: str) -> None:
    route, (_, _, operation) = ROUTES[name], operations()[name]
    named = [p["name"] if "name" in p else p["$ref"].rsplit("/", 1)[-1] for p in operation.get("parameters", [])]
    in_path = re.findall(r"{(\w+)}", route.path)
    assert named == [*in_path, *route.query, *(["idempotency_key"] if route.is_keyed else [])]
    assert ("requestBody" in operation) == (route.takes is not None)
    if route.takes is not None:
        compare(route.takes, schema_in(operation["requestBody"]))
    if route.gives is None:
        assert "204" in operation["responses"]
    else:
        compare(route.gives, schema_in(operation["responses"]["200"]))


def compare(kind: Any, schema: Any) -> None:
    """The schema says the same as the type, field by field."""
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (option for option in get_args(kind) if option is not type(None))
        if "anyOf" in schema:
            described, null = schema["anyOf"]
            assert null == {"type": "null"}
            compare(inner, described)
            return
        assert schema["type"][1] == "null"
        compare(inner, {**schema, "type": schema["type"][0]})
        return
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        assert name == ("Money" if kind is Decimal else kind.__name__)
        compare(kind, openapi()["components"]["schemas"][name])
        return
    if get_origin(kind) is tuple:
        assert schema["type"] == "array"
        compare(get_args(kind)[0], schema["items"])
    elif dataclasses.is_dataclass(kind):
        compare_fields(kind, schema)
    elif issubclass(kind, Enum):
        assert schema["enum"] == [option.value for option in kind]
    else:
        formats = {date: "date", datetime: "date-time"}
        assert schema["type"] == ("integer" if kind is int else "string")
        assert schema.get("format") == formats.get(kind)
        assert ("pattern" in schema) == (kind is Decimal)


def compare_fields(kind: Any, schema: Any) -> None:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    hints = hints_of(kind)
    assert list(schema["properties"]) == list(fields)
    needed = [
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and type(None) not in get_args(hints[name])
    ]
    assert schema.get("required", []) == needed
    for name, described in schema["properties"].items():
        compare(hints[name], described)


def test_refusals_are_described_one_by_one() -> None:
    assert openapi()["components"]["schemas"]["Refusal"]["enum"] == [reason.value for reason in Refusal]


@pytest.mark.parametrize(
    "fault", ["slow", "drip", "broken", "reset", "garbage", "empty", "floats", "moved", "other_404"]
)
def test_what_is_no_whole_answer_in_time_is_an_unavailable_backend(
    system: BillingSystem, backend: HttpBackend, fault: str
) -> None:
    assert len(backend.bills("C-1001")) == 12
    system.fault = fault
    began = time.monotonic()
    with pytest.raises(BackendUnavailableError):
        backend.bills("C-1001")
    assert time.monotonic() - began < 2.5
    system.fault = ""
    assert len(backend.bills("C-1001")) == 12


def test_what_is_not_described_is_passed_over(system: BillingSystem, backend: HttpBackend) -> None:
    before = backend.customer("C-1001")
    system.fault = "extra"
    assert backend.customer("C-1001") == before


def test_a_broken_connection_is_tried_once_more_with_the_same_key(system: BillingSystem, backend: HttpBackend) -> None:
    system.fault = "reset_once"
    case = backend.add_data("C-1006", ExtraData("C-1006-1", "datos-1"), "key-1")
    assert system.seen == [("add_data", "key-1")]
    assert [found.code for found in backend.cases("C-1006", "") if found.code == case.code] == [case.code]
    system.fault = "reset_once"
    assert backend.customer("C-1006").customer_id == "C-1006"


def test_what_carries_no_key_is_never_sent_twice(system: BillingSystem, backend: HttpBackend) -> None:
    system.fault = "reset_once"
    with pytest.raises(BackendUnavailableError):
        backend.send_code("C-1001", "123456")
    assert system.seen == []
    backend.send_code("C-1001", "123456")
    assert system.seen == [("send_code", None)]


def test_nobody_listening_a_wrong_address_and_a_wrong_token_are_unavailable(system: BillingSystem) -> None:
    for url, token in (
        ("http://127.0.0.1:9", TOKEN),
        (system.url, "another-token"),
        ("http://billing.invalid/api", TOKEN),
    ):
        with pytest.raises(BackendUnavailableError):
            HttpBackend(url, token).customer("C-1001")


def test_an_account_is_checked_before_it_is_sent_and_hidden_when_it_comes_back(
    system: BillingSystem, backend: HttpBackend
) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        backend.set_direct_debit("C-1001", DirectDebit("ES00 0000"), "key-1")
    assert refused.value.reason is Refusal.INVALID_IBAN
    assert system.seen == []
    backend.set_direct_debit("C-1001", DirectDebit("es91 2100 0418 4502 0005 1332"), "key-2")
    assert system.sent_bodies == [{"iban": IBAN}]
    system.backend = Careless(system.backend)  # type: ignore[assignment]
    shown = backend.customer("C-1001").direct_debit
    assert shown == "ES·· ···· 1332"


class Careless:
    """A system that shows whole accounts."""

    def __init__(self, behind: Backend) -> None:
        self._behind = behind

    def customer(self, customer_id: str) -> Any:
        return dataclasses.replace(self._behind.customer(customer_id), direct_debit=IBAN)


def test_customers_names_and_numbers_do_not_break_the_address(backend: HttpBackend) -> None:
    for customer_id in ("../tariffs", "C-1001/lines", "a?b=c", "ñandú", "%2e%2e"):
        with pytest.raises(UnknownCustomerError):
            backend.customer(customer_id)


async def test_all_questions_of_one_answer_share_two_seconds(system: BillingSystem, backend: HttpBackend) -> None:
    system.fault = "slow"
    began = time.monotonic()
    with time_budget(0.6):
        for call in (backend.customer, backend.bills, backend.lines):
            with pytest.raises(BackendUnavailableError):
                await within_time(call, "C-1001")
    assert time.monotonic() - began < 1.2


def own_folder(tmp_path: Path) -> Path:
    """Beside the billing system's own files."""
    folder = tmp_path / "actions"
    folder.mkdir()
    return folder


def test_the_action_server_starts_without_the_billing_system_and_is_well_once_that_is(
    system: BillingSystem, tmp_path: Path
) -> None:
    system.fault = "broken"
    server = start_server(own_folder(tmp_path), BACKEND_URL=system.url, BACKEND_TOKEN=TOKEN)
    try:
        turn = Turn(verification=verification("C-1001"))
        assert (server.get("/health").status, server.get("/alive").status) == (503, 200)
        assert [said["response"] for said in server.said("action_check_balance", turn)] == ["utter_backend_unavailable"]
        assert server.said("action_due_date", Turn())[0]["response"] == "utter_due_date"
        system.fault = ""
        assert server.get("/health").status == 200
        assert server.said("action_check_balance", turn)
    finally:
        stop(server)
    log = server.log.read_text()
    for kept in (TOKEN, "C-1001", SECRET):
        assert kept not in log
    assert not (server.data_dir / "backend.db").exists()


def test_a_token_that_is_refused_is_named_in_the_log(system: BillingSystem, tmp_path: Path) -> None:
    server = start_server(own_folder(tmp_path), BACKEND_URL=system.url, BACKEND_TOKEN="wrong-token-of-the-test")
    try:
        assert server.get("/health").status == 503
    finally:
        stop(server)
    assert "refuses BACKEND_TOKEN" in server.log.read_text()
    assert "wrong-token-of-the-test" not in server.log.read_text()


def test_an_empty_change_is_refused_by_the_other_side(backend: HttpBackend) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        backend.change_contact("C-1001", ContactChange(), "key-1")
    assert refused.value.reason is Refusal.INVALID_CONTACT


def test_the_doctor_says_whether_the_billing_system_can_be_used(system: BillingSystem) -> None:
    settings = {"RELEVO_SECRET": SECRET, "BACKEND_URL": system.url, "BACKEND_TOKEN": TOKEN}
    (well,) = examine(settings)
    assert (well["state"], well["is_trouble"]) == ("ok", False)
    assert examine({"RELEVO_SECRET": SECRET}) == []
    (refused,) = examine({**settings, "BACKEND_TOKEN": "another"})
    assert "refuses BACKEND_TOKEN" in refused["text"]
    system.fault = "floats"
    (spoiled,) = examine(settings)
    assert "not as agreed: answer[0].price" in spoiled["text"]
    assert spoiled["is_trouble"]
