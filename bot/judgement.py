"""Does this conversation need a person? Pure functions over its course; no Rasa, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.features import COMPLEX_FAMILY, FRUSTRATION_FAMILY, SMALL_TALK, Feature, features, times_asked, topic_of
from bot.hearing import RISKS, Message
from bot.history import History
from bot.weighing import Weights

HUMAN = "human"
# Who refuses a person, or provokes, is still not left alone with these.
_WHATEVER_IS_REFUSED = frozenset({"fraud", "violence", "self_harm", "health"})
_REFUSALS = frozenset({"deny", "cancel", "thanks", "goodbye"})
_SIGNALS_SHOWN = 6
_UPSET = 0.5
_VERY_UPSET = 0.8


@dataclass(frozen=True)
class Policy:
    """What the trainers can move in config.yml."""

    person: float = 0.4  # from this likelihood on a person is called
    person_in_form: float = 0.8  # inside a form, where the assistant is about to finish something
    sure: float = 0.93  # from here on even if this turn's answer might settle the matter
    settles: float = 0.1  # topics whose need of a person is at most this are settled by the answer
    usual_need: float = 0.3  # of topics that data/needs.yml does not list
    sure_of_human: float = 0.45
    sure_of_human_in_form: float = 0.6
    not_understood: int = 2
    wrong_answers: int = 2
    same_question: int = 3
    asked_in_vain: int = 3
    abuse: float = 0.5
    pause_minutes: tuple[int, ...] = (15, 60, 240)


@dataclass(frozen=True)
class Course:
    """What there is to judge by: the customer's message, and how the conversation has gone."""

    message: Message
    history: History = field(default_factory=History)
    is_in_form: bool = False
    not_understood_before: int = 0


@dataclass(frozen=True)
class Signal:
    """One reason among those that spoke for a person, and how much it weighed."""

    name: str
    value: Any
    weight: float


@dataclass(frozen=True)
class Judgement:
    """A person is needed, and why."""

    reason: str
    priority: str
    signals: tuple[Signal, ...]

    def as_json(self) -> dict[str, Any]:
        """The judgement in the protocol's words."""
        return {"reason": self.reason, "priority": self.priority, "signals": [vars(signal) for signal in self.signals]}


@dataclass(frozen=True)
class Pause:
    """Abuse goes on: the conversation rests for a while."""

    seconds: int
    signals: tuple[Signal, ...]

    def as_json(self) -> dict[str, Any]:
        """The pause in the protocol's words."""
        return {"seconds": self.seconds, "signals": [vars(signal) for signal in self.signals]}


@dataclass(frozen=True)
class Rules:
    """Abuse without a need: the assistant calmly names the rules."""


@dataclass(frozen=True)
class Offer:
    """The assistant asks whether a person is wanted."""

    reason: str


Verdict = Judgement | Pause | Rules | Offer | None


@dataclass(frozen=True)
class Judge:
    """What was learnt, the topics' needs, and what the trainers decided."""

    weights: Weights
    needs: Mapping[str, float]
    policy: Policy = field(default_factory=Policy)

    def judge(self, course: Course) -> Verdict:
        """Judge a message before anything is done about it; None means that the assistant goes on."""
        found = self._features(course)
        return self._by_rules(course, found) or self._by_score(course, found)

    def by_rule(self, course: Course) -> Verdict:
        """What the rules say, which need no weighing."""
        return self._by_rules(course, self._features(course))

    def _by_rules(self, course: Course, found: Mapping[str, Feature]) -> Verdict:
        return (
            self._by_risk(course, found)
            or self._by_wish(course, found)
            or self._by_abuse(course, found)
            or self._by_failure(course, found)
            or self._by_leaving(course, found)
        )

    def judge_form(self, asked_in_vain: int) -> Judgement | None:
        """Judge a form after it took the message: `asked_in_vain` is how often it asked without getting on."""
        if asked_in_vain >= self.policy.asked_in_vain:
            return Judgement("not_understood", "normal", (Signal("asked_in_vain", asked_in_vain, 1.0),))
        return None

    def likelihood(self, course: Course) -> float:
        """How likely a person is needed by the course alone, without the rules."""
        return self.weights.likelihood(self._features(course))

    def _features(self, course: Course) -> dict[str, Feature]:
        return features(course.message, course.history, self.needs, self.policy.usual_need)

    def _by_risk(self, course: Course, found: Mapping[str, Feature]) -> Judgement | None:
        risks = [risk for risk in RISKS if risk in course.message.signs]
        if "refuses_person" in course.message.signs or self.is_trolling(course):
            risks = [risk for risk in risks if risk in _WHATEVER_IS_REFUSED]
        if not risks:
            return None
        return Judgement("vulnerable_customer", "urgent", self._signals(dict.fromkeys(risks, (True, 1.0)), found))

    def _by_wish(self, course: Course, found: Mapping[str, Feature]) -> Judgement | None:
        message, offered = course.message, course.history.was_offered
        is_short = message.words <= _WORDS_OF_A_YES
        if offered and is_short and ("accepts" in message.signs or (offered, message.intent) == ("leaving", "affirm")):
            reason, signal = (
                ("leaving", "leaving") if offered == "leaving" else ("asked_for_person", "asked_for_person")
            )
            return self._handoff(reason, {signal: (True, 1.0)}, found)
        if not self.asks_for_person(course):
            return None
        return self._handoff("asked_for_person", {"asked_for_person": (True, 1.0)}, found)

    def asks_for_person(self, course: Course) -> bool:
        """Does the customer ask for a person with this message?"""
        message = course.message
        if "refuses_person" in message.signs:
            return False
        if "asks_person" in message.signs:
            return True
        sure = self.policy.sure_of_human_in_form if course.is_in_form else self.policy.sure_of_human
        return message.intent == HUMAN and message.confidence >= sure and "asks_person_not" not in message.signs

    def _by_abuse(self, course: Course, found: Mapping[str, Feature]) -> Verdict:
        if course.message.clear_abuse < self.policy.abuse:
            return None
        if self.has_need(course):  # then the need counts; what the assistant can answer at once, it answers
            why = {"abuse_with_need": (round(course.message.abuse, 2), 1.0)}
            return None if self.may_settle(course) else self._handoff("frustration", why, found)
        signals = (Signal("abuse", course.message.abuse, 1.0),)
        if course.history.abusive == 0:
            return Rules()
        minutes = self.policy.pause_minutes
        return Pause(60 * minutes[min(course.history.pauses, len(minutes) - 1)], signals)

    def has_need(self, course: Course) -> bool:
        """Is there something that an abusive customer needs, in this message or still open from before?"""
        message, history = course.message, course.history
        if message.matters and message.words > 3 and message.is_understood and message.intent in self.needs:
            return self.needs[message.intent] > 0 or message.intent not in SMALL_TALK
        if message.matters and message.words > 4:
            return True
        return any(self._need_of(said.intent) > self.policy.settles for said in history.said if said.is_understood)

    def _need_of(self, intent: str | None) -> float:
        return self.needs.get(intent or "", self.policy.usual_need)

    def _by_failure(self, course: Course, found: Mapping[str, Feature]) -> Judgement | None:
        message, policy = course.message, self.policy
        failures: dict[str, tuple[Any, float]] = {}
        in_a_row = course.not_understood_before + 1
        if not message.is_understood and not course.is_in_form and in_a_row >= policy.not_understood:
            failures["not_understood_in_a_row"] = (in_a_row, 1.0)
        wrong = course.history.corrections + 1
        if "corrects" in message.signs and wrong >= policy.wrong_answers:
            failures["wrong_answers"] = (wrong, 1.0)
        asked = times_asked(message, course.history)
        if asked >= policy.same_question and not course.is_in_form:
            failures["repeats_question"] = (asked, 1.0)
        if not failures or "refuses_person" in message.signs or message.calms_down or self.is_trolling(course):
            return None
        return self._handoff("not_understood", failures, found)

    def _by_leaving(self, course: Course, found: Mapping[str, Feature]) -> Verdict:
        message, history = course.message, course.history
        was_offered = history.was_offered == "leaving"
        takes_it_up = was_offered and self._is_no_matter(message) and message.intent not in _REFUSALS
        if not ("leaving" in found or takes_it_up) or course.is_in_form or "refuses_person" in message.signs:
            return None
        if was_offered or message.frustration >= _VERY_UPSET:
            return self._handoff("leaving", {"leaving": (True, 1.0)}, found)
        return Offer("leaving")

    def _by_score(self, course: Course, found: Mapping[str, Feature]) -> Judgement | None:
        message, policy = course.message, self.policy
        likely = self.weights.likelihood(found)
        if likely < (policy.person_in_form if course.is_in_form else policy.person):
            return None
        if message.is_button or message.calms_down or "refuses_person" in message.signs or self.is_trolling(course):
            return None
        parts = {name: part for name, part in self.weights.contributions(found).items() if part > 0}
        reason = self._reason(course, parts)
        if reason == "frustration" and likely < policy.sure and self.may_settle(course):
            return None
        values = {name: (found[name].value, part) for name, part in parts.items()}
        return Judgement(reason, "high", _shown(values))

    def _is_no_matter(self, message: Message) -> bool:
        """Is it written as one answers, neither a topic nor a button?"""
        return not message.is_button and (not message.is_understood or message.intent in SMALL_TALK)

    def is_trolling(self, course: Course) -> bool:
        """Has it been abuse without a need, and is there none now?"""
        return course.history.abusive > 0 and not self.has_need(course)

    def may_settle(self, course: Course) -> bool:
        """Can this turn's answer settle the matter: a topic that the assistant knows and hasn't answered yet?"""
        message = course.message
        if not message.is_understood or message.intent not in self.needs or message.intent in SMALL_TALK:
            return False
        was_answered = any(said.intent == message.intent for said in course.history.said)
        return self._need_of(message.intent) <= self.policy.settles and not was_answered

    def _reason(self, course: Course, parts: Mapping[str, float]) -> str:
        mood = sum(part for name, part in parts.items() if name in FRUSTRATION_FAMILY)
        complexity = sum(part for name, part in parts.items() if name in COMPLEX_FAMILY)
        if parts.get("not_understood_in_a_row", 0.0) > max(mood, complexity):
            return "not_understood"
        if topic_of(course.message, course.history) == "complaint":
            return "complaint"
        return "complex_case" if complexity > mood else "frustration"

    def _handoff(self, reason: str, why: Mapping[str, tuple[Any, float]], found: Mapping[str, Feature]) -> Judgement:
        upset = "frustration" in found and found["frustration"].value >= _UPSET
        priority = "high" if upset or reason == "leaving" else "normal"
        return Judgement(reason, priority, self._signals(why, found))

    def _signals(self, why: Mapping[str, tuple[Any, float]], found: Mapping[str, Feature]) -> tuple[Signal, ...]:
        """What decided weighs most; what else is known stands beside it, for whoever takes the conversation."""
        parts = {name: part for name, part in self.weights.contributions(found).items() if part > 0 and name not in why}
        beside = {name: (found[name].value, part) for name, part in parts.items() if part >= _WORTH_TELLING}
        most = 2.0 * sum(part for _, part in beside.values()) + 1.0
        return _shown({**{name: (value, most * weight) for name, (value, weight) in why.items()}, **beside})


_WORTH_TELLING = 0.5
_WORDS_OF_A_YES = 4
_NOT_SHOWN = frozenset({"same_topic", "frustration_before"})


def _shown(parts: Mapping[str, tuple[Any, float]]) -> tuple[Signal, ...]:
    """The heaviest, with weights that add up to 1."""
    ranked = sorted(parts.items(), key=lambda item: -item[1][1])
    kept = [item for item in ranked if item[0] not in _NOT_SHOWN][:_SIGNALS_SHOWN] or ranked[:1]
    whole = sum(part for _, (_, part) in kept) or 1.0
    return tuple(Signal(name, value, round(part / whole, 3)) for name, (value, part) in kept)
