"""Nobody comes, somebody falls silent or leaves, somebody returns: each with its words, event and figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from handoff_service.store.database import Transaction
from handoff_service.switchboard import conversations, handoffs, staffing, transcript
from handoff_service.switchboard.conversations import StaleEpoch
from handoff_service.switchboard.rules.handoff import Reason, Status
from handoff_service.switchboard.rules.returning import Ended, goes_on
from tests.handoff_service.desk_world import ANA, LUIS, MONDAY, Customer, World

Desk = Callable[..., World]
LADDER = """
agents: {Ana: {role: supervisor}, Luis: , Eva: }
teams: {general: {members: [Luis], on_call: [Eva]}}
limits: {answers: {first: 10m, next: 5m, warn_at: 80%, supervisor: 5m}, silence: {agent: never}}
"""


def test_the_ladder_is_climbed_and_everybody_asked_is_named(desk: Desk) -> None:
    world = desk(LADDER)
    customer = world.customer()
    customer.wants_person()
    world.pass_time(minutes=8.1)
    assert list(customer.view.asked) == ["Luis"]
    world.pass_time(minutes=2)
    assert list(customer.view.asked) == ["Luis", "Eva"]
    world.pass_time(minutes=5)
    assert list(customer.view.asked) == ["Luis", "Eva", "Ana"]
    assert customer.clock("first").state == "breached"
    world.pass_time(hours=2)
    assert len(world.events(customer.id, "clock_warned")) == 1
    assert len(world.events(customer.id, "clock_breached")) == 1
    assert [e["rung"] for e in world.events(customer.id, "handoff_escalated")] == ["team", "on_call", "supervisor"]
    assert not [m for m in customer.told if "Eva" in m.text or "🔔" in m.text]


def test_who_holds_it_is_asked_before_the_others(desk: Desk) -> None:
    world = desk(LADDER)
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(ANA)
    customer.answered_by(ANA)
    world.pass_time(minutes=30)
    assert customer.view.asked == ()  # the customer owes the answer
    customer.says("¿y el importe?")
    world.pass_time(minutes=4.5)
    assert list(customer.view.asked) == ["Ana"]


def test_when_nobody_comes_the_customer_is_told_once(desk: Desk) -> None:
    world = desk()
    customer = world.customer()
    customer.wants_person()
    world.pass_time(hours=3)
    assert len([m for m in customer.told if "no te hemos olvidado" in m.text]) == 1
    assert customer.owner.owner == "queue"


def test_a_waiting_customer_without_a_sign_of_life_gives_up_the_place(desk: Desk) -> None:
    world = desk("limits: {waiting: {abandon: 2h}}\n")
    customer, writing = world.customer(), world.customer()
    customer.wants_person()
    writing.wants_person()
    world.pass_time(hours=1)
    writing.says("sigo aquí")
    world.pass_time(hours=1.1)
    assert (customer.handoff.status, customer.owner.owner) == (Status.ABANDONED, "assistant")
    assert "dejamos libre tu sitio" in customer.last.text
    assert len(world.events(customer.id, "handoff_abandoned")) == 1
    assert writing.owner.owner == "queue"


def test_a_silent_agent_is_reminded_and_then_the_customer_waits_again_in_front(desk: Desk) -> None:
    world = desk("teams: {general: {assignment: automatic}}\n")
    world.is_available(ANA)
    customer = world.customer()
    customer.wants_person()
    since = customer.handoff.waiting_since
    world.look()
    assert customer.handoff.agent == "Ana"
    world.pass_time(minutes=6)
    assert any("espera tu respuesta" in note for note in customer.notes())
    world.pass_time(minutes=15)
    assert (customer.handoff.status, customer.handoff.waiting_since) == (Status.QUEUED, since)
    assert "no ha podido seguir" in customer.last.text
    assert "Tu puesto en la cola: 1" in customer.last.text
    assert world.events(customer.id, "handoff_released")[0]["cause"] == "silence"
    world.pass_time(minutes=5)
    assert customer.handoff.agent is None  # nothing is given again to who isn't there
    world.is_available(LUIS)
    world.look()
    assert customer.handoff.agent == "Luis"


def test_a_silent_customer_is_reminded_once_and_then_the_case_is_closed(desk: Desk) -> None:
    world = desk("limits: {reminders: {customer: 1h}, silence: {customer: 4h}}\n")
    customer = world.customer("en")
    customer.wants_person()
    customer.claimed_by(ANA)
    customer.answered_by(ANA)
    world.pass_time(hours=3.9)
    assert [m.text for m in customer.told if "still waiting for your answer" in m.text] != []
    world.pass_time(hours=0.2)
    assert (customer.handoff.status, customer.handoff.outcome) == (Status.RESOLVED, "no_reply")
    assert customer.handoff.code in customer.last.text
    assert len(world.events(customer.id, "customer_reminded")) == 1
    assert world.events(customer.id, "survey_asked") == []
    world.pass_time(hours=24)
    assert customer.last.text.startswith("As we haven't heard back")


def test_silence_out_of_hours_is_no_silence(desk: Desk) -> None:
    text = "teams: {a: {timezone: UTC, hours: {mon-fri: 9:00-18:00}}}\n"
    world = desk(text, now=MONDAY.replace(hour=17, minute=55))
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(ANA)
    world.pass_time(hours=15)  # 8:55 the next morning
    assert customer.handoff.agent == "Ana"
    world.pass_time(minutes=21)
    assert customer.handoff.status is Status.QUEUED


def ended(world: World, about: str = "refund", topic: str | None = None, reason: Reason | None = None) -> Customer:
    customer = world.customer()
    customer.says("la devolución", intent=about)
    customer.wants_person(reason or Reason.ASKED_FOR_PERSON)
    customer.claimed_by(ANA)
    customer.answered_by(ANA)
    customer.resolved_by(ANA, topic=topic)
    return customer


def test_who_goes_on_with_the_matter_comes_back_to_who_knows_it(desk: Desk) -> None:
    world = desk()
    world.is_available(ANA)
    customer = ended(world)
    code = customer.handoff.code
    world.pass_time(hours=5)
    customer.says("la devolución no ha llegado", intent="refund")
    handoff = customer.handoff
    assert (handoff.status, handoff.code, handoff.preferred_agent) == (Status.QUEUED, code, "Ana")
    assert "Aviso primero a Ana" in customer.last.text
    assert not [m for m in customer.told if m.text == "respuesta a refund" and m.seq > (handoff.notice_seq or 0) - 2]
    assert customer.clock("next").is_running


def test_the_head_start_ends(desk: Desk) -> None:
    world = desk("teams: {general: {assignment: automatic}}\nagents: {Ana: {capacity: 0}, Luis: }\n")
    world.is_available(ANA, LUIS)
    customer = ended(world)
    customer.says("la devolución no ha llegado", intent="refund")
    world.pass_time(minutes=2)
    assert customer.handoff.agent is None
    world.pass_time(minutes=2)
    assert customer.handoff.agent == "Luis"


def test_whoever_is_off_has_no_head_start(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    world.run(_away)
    customer.says("la devolución no ha llegado", intent="refund")
    assert customer.handoff.preferred_agent is None
    assert "Ana" not in customer.last.text


def _away(tx: Transaction) -> None:
    staffing.set_availability(tx, ANA, staffing.Availability.AWAY)


def test_a_new_matter_is_the_assistant_s_and_thanks_reopen_nothing(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    for text, intent in (("gracias", "thanks"), ("¿y el roaming?", "roaming"), ("hola", "greeting")):
        customer.says(text, intent=intent)
        assert customer.last.text == f"respuesta a {intent}"
        assert customer.handoff.status is Status.RESOLVED


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("intent", "confidence", "age", "outcome", "expected"),
    [
        ("refund", 0.9, HOUR * 40, "solved", True),
        ("refund", 0.9, HOUR * 49, "solved", False),
        ("refund", 0.9, HOUR, "spam", False),
        ("roaming", 0.9, HOUR / 2, "solved", False),
        ("roaming", 0.2, HOUR / 2, "solved", True),  # not understood, and just after: it belongs to what was
        ("roaming", 0.2, HOUR * 2, "solved", False),
        (None, None, HOUR / 2, "unsolved", True),
        ("human", 0.9, HOUR / 2, "solved", True),
        ("human", 0.9, HOUR * 2, "solved", False),
        ("thanks", 0.3, HOUR / 60, "solved", False),
        ("out_of_scope", 0.9, HOUR / 60, "solved", False),
    ],
)
def test_what_goes_on_with_a_matter(
    intent: str | None, confidence: float | None, age: timedelta, outcome: str, expected: bool
) -> None:
    over = Ended(MONDAY, outcome, frozenset({"refund"}))
    assert goes_on(over, intent, confidence, MONDAY + age, 48 * 3600) is expected


def test_after_the_end_one_press_says_how_it_was(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    asked = customer.last
    assert [b["title"] for b in asked.buttons or ()] == ["1", "2", "3", "4", "5", "Ahora no"]
    customer.says("4", payload=(asked.buttons or ())[3]["payload"])
    assert world.events(customer.id, "survey_answered") == [{"score": 4}]
    assert customer.handoff.status is Status.RESOLVED
    customer.says("1", payload=(asked.buttons or ())[0]["payload"])  # the first answer counts
    assert world.events(customer.id, "survey_answered") == [{"score": 4}]


@pytest.mark.parametrize(("language", "said", "score"), [("es", "«4»", 4), ("en", "five", 5), ("es", "un cinco", 5)])
def test_the_score_may_be_said_in_words(desk: Desk, language: str, said: str, score: int) -> None:
    world = desk()
    customer = world.customer(language)
    customer.wants_person()
    customer.claimed_by(ANA)
    customer.resolved_by(ANA)
    customer.says(said)
    assert world.events(customer.id, "survey_answered") == [{"score": score}]


def test_some_words_may_be_added_and_only_those(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    customer.says("5")
    customer.says("", payload=(customer.last.buttons or ())[0]["payload"])
    customer.says("Ana fue muy amable")
    assert customer.last.text.startswith("Anotado, gracias")
    assert len(world.events(customer.id, "survey_commented")) == 1
    customer.says("¿y el roaming?", intent="roaming")
    assert customer.last.text == "respuesta a roaming"


def test_the_survey_can_be_left_alone(desk: Desk) -> None:
    world = desk()
    customer, silent = ended(world), ended(world)
    customer.says("Ahora no")
    assert customer.last.text.startswith("De acuerdo")
    assert len(world.events(customer.id, "survey_skipped")) == 1
    silent.says("¿y el roaming?", intent="roaming")
    assert silent.last.text == "respuesta a roaming"


def test_a_number_that_is_no_score_goes_to_the_assistant(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    customer.says("¿y el roaming?", intent="roaming")
    customer.says("4", intent="roaming")  # something else stands between
    assert world.events(customer.id, "survey_answered") == []


def test_a_survey_is_asked_once_and_never_in_a_delicate_situation(desk: Desk) -> None:
    world = desk()
    delicate = ended(world, reason=Reason.VULNERABLE_CUSTOMER)
    assert world.events(delicate.id, "survey_asked") == []
    customer = ended(world)
    world.run(handoffs.reopen, world.words, customer.handoff.id, ANA)
    customer.resolved_by(ANA)
    assert len(world.events(customer.id, "survey_asked")) == 1


def test_a_score_that_comes_while_a_person_has_it_disturbs_nobody(desk: Desk) -> None:
    world = desk()
    customer = ended(world)
    five = (customer.last.buttons or ())[4]["payload"]
    world.pass_time(minutes=1)
    customer.wants_person()
    customer.claimed_by(LUIS)
    before = len(customer.told)
    customer.says("5", payload=five)
    assert world.events(customer.id, "survey_answered") == [{"score": 5}]
    assert (len(customer.told), customer.owner.agent) == (before, "Luis")


def test_figures_are_not_edited_over_a_change_of_hands(desk: Desk) -> None:
    world = desk()
    customer = world.customer()
    customer.wants_person()
    old = world.run(conversations.load, customer.id)
    notice = customer.last
    customer.claimed_by(ANA)

    def restate(tx: Transaction) -> None:
        transcript.restate(tx, old, notice, "otra cosa")

    with pytest.raises(StaleEpoch):
        world.run(restate)
