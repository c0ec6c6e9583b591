"""The short way through Rasa leads to the same place as the long one."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bot.project import Project, environment
from tests.bot.stub_actions import StubActions

# Everything a customer can do here: everyday questions, a form with a question in between, a person, nonsense.
SAID = [
    "hola",
    "¿cuándo vence mi factura?",
    "llámame",
    "¿cuándo vence mi factura?",
    "600111222",
    "por las tardes",
    "when is my bill due",
    "xyzzy qwrt",
    "¿cuánto debo?",
    "quiero que me llamen por teléfono",
    "I want a phone call",
]
CONVERSATION = """
import asyncio, json, sys
from bot.run import prepare
prepare()
if sys.argv[1] == "quick":
    from bot.quickness import hurry
    assert hurry()
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig

async def main(url, said):
    agent = Agent.load("models", action_endpoint=EndpointConfig(url + "/webhook"))
    assert (type(agent.processor.graph_runner).__name__ == "PlannedGraphRunner") == (sys.argv[1] == "quick")
    for text in said:
        await agent.processor.handle_message(UserMessage(text, CollectingOutputChannel(), "somebody"))
    tracker = await agent.tracker_store.retrieve("somebody")
    print("TOLD", json.dumps([told for told in map(tell, tracker.events) if told]))

def tell(event):
    if isinstance(event, UserUttered):
        return [event.text, event.intent["name"], round(event.intent["confidence"], 9)]
    if isinstance(event, ActionExecuted):
        return [event.action_name, event.policy, event.confidence]
    if isinstance(event, (ActiveLoop, SlotSet)):
        return [event.type_name, getattr(event, "key", event.__dict__.get("name")), getattr(event, "value", None)]

asyncio.run(main(sys.argv[2], json.loads(sys.argv[3])))
"""


def course(project: Project, actions: StubActions, way: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", CONVERSATION, way, actions.url, json.dumps(SAID)],
        cwd=project.folder,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = next(line for line in done.stdout.splitlines() if line.startswith("TOLD "))
    events: list[object] = json.loads(told.removeprefix("TOLD "))
    return events


def test_a_conversation_goes_the_same_way(project: Project, actions: StubActions) -> None:
    quick = course(project, actions, "quick")
    assert quick == course(project, actions, "slow")
    assert ["callback_form", "RulePolicy", 1.0] in quick


def test_another_version_of_rasa_is_left_alone() -> None:
    code = (
        "import importlib.metadata as metadata; metadata.version = lambda _: '3.6.22'\n"
        "from rasa.core import processor; before = processor.DaskGraphRunner\n"
        "from bot.quickness import hurry\n"
        "assert not hurry() and processor.DaskGraphRunner is before"
    )
    done = subprocess.run(
        [sys.executable, "-c", "from bot.lightness import leave_out_tensorflow as go; go()\n" + code],
        env=environment({}), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


JUDGED_TWICE = """
import json, sys, time
from bot.run import prepare
prepare()
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from bot.quickness import hurry

def verdicts():
    action, said = RemoteAction("action_x", EndpointConfig("http://x.invalid")), []
    for answer in json.loads(sys.argv[1]):
        try:
            said.append(action._validate_action_result(answer))
        except ValidationError as error:
            said.append(list(error.absolute_path))
    return said

def seconds():
    began = time.process_time()
    for _ in range(5):
        verdicts()
    return time.process_time() - began

slowly, slow = verdicts(), seconds()
assert hurry()
quickly, quick = verdicts(), seconds()
print("TOLD", json.dumps([slowly, quickly, slow / quick]))
"""
ANSWERS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "plan", "value": "M", "timestamp": None}], "responses": [{"text": "hola"}]},
    {"events": {}, "responses": []},
    {"events": [{"name": "plan"}], "responses": []},
    {"events": [], "responses": ["hola"]},
    [],
]


def test_an_action_s_answer_is_held_against_the_same_form_in_a_tenth_of_the_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", JUDGED_TWICE, json.dumps(ANSWERS)],
        env=environment({}), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = next(line for line in done.stdout.splitlines() if line.startswith("TOLD "))
    slowly, quickly, times = json.loads(told.removeprefix("TOLD "))
    assert quickly == slowly
    assert slowly[:2] == [True, True] and True not in slowly[2:]
    assert times > 10
