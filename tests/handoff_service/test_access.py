"""Every route there is, asked by everybody there is: nobody gets to a conversation but by right.

The routes are read from the app itself: one that is added without a place in this table fails the test.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import websockets
from fastapi import APIRouter
from starlette.routing import Mount, Route, WebSocketRoute

from handoff_service.app import create_app
from handoff_service.settings import Settings
from tests.doubles.http import HTTP
from tests.doubles.service import ROOT, SECRET, Service
from tests.doubles.widget import identity, open_widget

pytestmark = pytest.mark.timeout(300)

# Open to everybody: nothing of a conversation is behind them. What may be asked without a token stands here by name.
PUBLIC = {
    "/", "/console", "/trainers", "/statistics", "/widget.js", "/healthz", "/readyz", "/metrics",
    "/openapi.json", "/docs", "/docs/oauth2-redirect",
    "/demo/config", "/demo/login", "/demo/texts",  # of the demo's made-up customers, where the demo is on
}  # fmt: skip
# By a secret of their own: a widget's token, a file's unguessable address, a platform's signature, the first frame.
OWN_SECRET = {
    "/v1/widget/files", "/v1/files/{file_id}/{name}", "/v1/widget", "/v1/desk",
    "/slack/events", "/slack/interactivity", "/slack/commands", "/telegram/webhook",
}  # fmt: skip
FOR_SUPERVISORS = {("GET", "/v1/verdicts"), ("PATCH", "/v1/agents/{name}")}
EVERYTHING_ON: dict[str, Any] = {
    "relevo_secret": SECRET,
    "database_url": "sqlite://",
    "telegram_bot_token": "1:made-up",
    "telegram_webhook_url": "https://example.org/telegram/webhook",
    "telegram_webhook_secret": "made-up-secret",
    "slack_bot_token": "made-up",
    "slack_signing_secret": "made-up",
    "slack_channel": "C0",
    "RELEVO_DEMO_LOGIN": True,
}
DESK = "agents:\n  Ana: {role: supervisor}\n  Luis: {role: agent}\n"


@dataclass(frozen=True)
class Case:
    """One way to ask: method and path, filled with a real handoff and conversation of customer A."""

    method: str
    path: str


def cases() -> list[Case]:
    """Every method of every route of the running app."""
    app = create_app(Settings(**EVERYTHING_ON))
    found: list[Case] = []
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        if isinstance(route, Route):
            found += [Case(method, route.path) for method in sorted((route.methods or set()) - {"HEAD"})]
        elif isinstance(route, WebSocketRoute):
            found.append(Case("WEBSOCKET", route.path))
        elif isinstance(getattr(route, "original_router", None), APIRouter):
            pending += route.original_router.routes
        else:
            assert isinstance(route, Mount), route
            found.append(Case("MOUNT", route.path))
    return sorted(found, key=lambda case: (case.path, case.method))


CASES = cases()
PROTECTED = [case for case in CASES if case.path not in PUBLIC | OWN_SECRET and case.method != "MOUNT"]


def test_every_route_has_its_place_in_this_table() -> None:
    assert len(PROTECTED) >= 20
    assert {case.path for case in PROTECTED} == {case.path for case in PROTECTED if case.path.startswith("/v1/")}
    assert all(case.method != "WEBSOCKET" for case in PROTECTED)
    mounted = {case.path for case in CASES if case.method == "MOUNT"}
    assert all("static" in path or path in ("/console", "/demo", "/widget") for path in mounted), mounted


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("access")
    (directory / "desk.yml").write_text(DESK)
    running = Service(directory, DESK_FILE=str(directory / "desk.yml"))
    try:
        yield running.start()
    finally:
        running.stop()


@dataclass
class Asked:
    """Customer A's handoff and conversation, and the tokens of all who ask."""

    handoff: str
    conversation: str
    tokens: dict[str, str]


@pytest.fixture
async def asked(service: Service) -> Asked:
    tokens = {"nobody": "", "agent": "token-of-luis", "supervisor": "token-of-ana"}
    async with open_widget(service.url, identity=identity(f"C-{uuid.uuid4().hex}")) as a:
        await a.say("quiero una persona")
        await a.owner("queue")
        tokens["customer A"] = a.token
    async with open_widget(service.url) as b:
        await b.say("hola")
        tokens["customer B"] = b.token
    with service.agent("Ana") as ana:
        listed = ana.get("/handoffs").json()["handoffs"]
    handoff = next(each["id"] for each in listed if each["conversation_id"] == a.conversation_id)
    return Asked(handoff, a.conversation_id, tokens)


def ask(service: Service, case: Case, asked: Asked, who: str) -> httpx.Response:
    values = {"handoff_id": asked.handoff, "conversation_id": asked.conversation, "seq": "1", "name": "Ana"}
    path = case.path.format(**values)
    token = asked.tokens[who]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(verify=False, trust_env=False, timeout=10) as http:
        return http.request(case.method, service.url + path, headers=headers)


@pytest.mark.parametrize("who", ["nobody", "customer A", "customer B"])
async def test_no_route_of_agents_answers_anybody_else(service: Service, asked: Asked, who: str) -> None:
    answers = {case: ask(service, case, asked, who) for case in PROTECTED}
    assert {case for case, answer in answers.items() if answer.status_code != 401} == set()
    assert len({answer.text for answer in answers.values()}) == 1, "the refusal tells nothing"
    with service.agent("Ana") as ana:
        assert ana.get(f"/handoffs/{asked.handoff}").json()["status"] == "queued", "and nothing was done"


@pytest.mark.parametrize("who", ["agent", "supervisor"])
async def test_agents_are_let_in_everywhere_but_where_a_supervisor_is_needed(
    service: Service, asked: Asked, who: str
) -> None:
    refused = {
        (case.method, case.path) for case in PROTECTED if ask(service, case, asked, who).status_code in (401, 403)
    }
    assert refused <= (FOR_SUPERVISORS if who == "agent" else set())
    assert who == "supervisor" or ("GET", "/v1/verdicts") in refused


async def test_what_is_not_there_and_what_is_anothers_look_the_same_to_a_customer(
    service: Service, asked: Asked
) -> None:
    async with open_widget(service.url) as b:
        for token in (asked.tokens["customer A"], "x" * 43):
            refused = await b.hello(token=token)
            assert (refused["code"], refused["message"]) == ("unauthorized", (await b.hello(token="y" * 43))["message"])
        assert asked.conversation not in str(b.frames)


async def test_the_secret_of_one_entrance_opens_no_other(service: Service, asked: Asked) -> None:
    """A customer's token at the agents' doors, an agent's at the customers', and a handoff's id at none."""
    secrets = {**asked.tokens, "an id": asked.conversation}
    for who, token in secrets.items():
        file = {"file": ("nota.txt", b"hola")}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = HTTP.post(f"{service.url}/v1/widget/files", headers=headers, files=file)
        # A customer's token is good here, for files of their own conversation.
        assert sent.status_code == (200 if who.startswith("customer") else 401), who
        async with websockets.connect(service.url.replace("http", "ws") + "/v1/desk") as socket:
            await socket.send(json.dumps({"type": "hello", "token": token}))
            answer = json.loads(await socket.recv())
        is_agent = who in ("agent", "supervisor")
        assert (answer["type"] == "welcome") == is_agent, who
        assert is_agent or (answer["code"] == "unauthorized" and asked.handoff not in str(answer)), who
    async with open_widget(service.url) as widget:
        for who in ("agent", "supervisor", "an id"):
            assert (await widget.hello(token=secrets[who]))["code"] == "unauthorized", who


# Where somebody is asked who they are, and nowhere else: each channel and desk has one such place for each way in.
ENTRANCES = {
    r"visitors\.greet\b": {"channels/widget.py"},
    r"visitors\.conversation_of_token\b": {"channels/file_routes.py"},
    r"\.of_token\(": {"desks/agents_api.py", "desks/desk_socket.py"},
    r"\bis_slacks\(": {"desks/slack/http_routes.py", "desks/slack/signature.py"},
    r"x_telegram_bot_api_secret_token": {"channels/telegram/intake.py"},
    r"\bwidget_tokens\b": {
        "store/tables.py",
        "switchboard/visitors.py",
        "privacy/emptying.py",  # forgets them
    },
}


@pytest.mark.parametrize("check", ENTRANCES)
def test_who_asks_is_checked_in_these_places_and_no_other(check: str) -> None:
    source = ROOT / "handoff_service"
    files = [path for path in source.rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(source).as_posix() for path in files if re.search(check, path.read_text())}
    assert found == ENTRANCES[check]
