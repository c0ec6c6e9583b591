"""The card of a handoff: why it needs a person, who it is, who has it, and what can be pressed now."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.words import DeskWords
from handoff_service.switchboard.accounts import Account
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.promises import Promise
from handoff_service.switchboard.rules.handoff import Status, Verdict
from handoff_service.switchboard.rules.sensitive import masked
from handoff_service.switchboard.rules.summary import mood_in_words
from handoff_service.switchboard.views import HandoffView

Json = dict[str, Any]

BUTTONS = {
    Status.QUEUED: ("claim",),
    Status.ASSIGNED: ("resolve", "canned", "snooze", "transfer", "release"),
    Status.RESOLVED: ("reopen",),
    Status.ABANDONED: ("reopen",),
}
MOST_SIGNALS = 6
MOST_PROMISES = 3
LONGEST_PROMISE = 120
LONGEST_FIELD = 1500  # characters, before escaping makes them more


@dataclass(frozen=True)
class Card:
    """What Slack is asked to show."""

    text: str
    blocks: list[Json]

    @property
    def digest(self) -> str:
        """The same for the same card."""
        shown = json.dumps([self.text, self.blocks], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True)
class CardMaker:
    """Makes cards in the desk's language and time zone."""

    words: DeskWords
    timezone: ZoneInfo
    shows_team: bool = False  # where there is more than one

    def card(self, view: HandoffView, holder_id: str | None) -> Card:
        """The card as it must be now; `holder_id` is the holder's Slack user id where they have one."""
        handoff = view.handoff
        summary = _lines(handoff.summary)
        listed = self._fields(view, holder_id)
        fields = "\n".join(f"*{self.words.say(f'field.{name}')}:* {value}" for name, value in listed)
        blocks: list[Json] = [
            {"type": "header", "text": {"type": "plain_text", "text": self._headline(handoff)}},
            _section(fields),
        ]
        if summary:
            blocks.append(_section(f"*{self.words.say('field.summary')}:*\n{summary}"))
        blocks += self._suggestion(view)
        blocks.append({"type": "actions", "block_id": "handoff", "elements": self._buttons(view)})
        if handoff.status is not Status.QUEUED:
            blocks.append({"type": "actions", "block_id": "verdict", "elements": self._verdicts(handoff)})
        reason = self.words.called("reasons", handoff.reason.value)
        text = f"{self._headline(handoff)}: {reason}. {self._customer(view)}"
        return Card(text, blocks)

    def _headline(self, handoff: Handoff) -> str:
        parts = (self.words.say(f"status.{handoff.status.value}"), self.words.say(f"priority.{handoff.priority.value}"))
        return " · ".join([*filter(None, parts), handoff.code])

    def _fields(self, view: HandoffView, holder_id: str | None) -> list[tuple[str, str]]:
        handoff = view.handoff
        fields = [("reason", self.words.called("reasons", handoff.reason.value))]
        signals = self.words.signals(handoff.signals)[:MOST_SIGNALS]
        if signals:
            fields.append(("signals", escape(" · ".join(signals))))
        if view.mood is not None:
            fields.append(("mood", mood_in_words(view.mood, self.words)))
        fields += [
            ("customer", self._customer(view)),
            *([("account", self._account(view.account))] if view.account else []),
            ("channel", self.words.called("channels", handoff.channel)),
            ("language", self.words.called("languages", handoff.language)),
        ]
        if self.shows_team:
            fields.append(("team", escape(handoff.team)))
        if handoff.status is Status.QUEUED:
            since = handoff.waiting_since.astimezone(self.timezone)
            fields.append(("waiting", since.strftime("%d/%m %H:%M")))
        if view.opens_at is not None:
            fields.append(("opens", view.opens_at.astimezone(self.timezone).strftime("%d/%m %H:%M")))
        if view.asked:
            fields.append(("asked", escape(", ".join(view.asked))))
        if handoff.preferred_agent is not None:
            fields.append(("preferred", escape(handoff.preferred_agent)))
        if view.snoozed_until is not None:
            fields.append(("snoozed", view.snoozed_until.astimezone(self.timezone).strftime("%d/%m %H:%M")))
        if view.paused_until is not None:
            fields.append(("paused", view.paused_until.astimezone(self.timezone).strftime("%d/%m %H:%M")))
        if view.promise is not None:
            fields.append(("promise", _promised(view.promise)))
        if view.open_promises:
            told = " · ".join(f"{each.code}: {_promised(each)}" for each in view.open_promises[:MOST_PROMISES])
            fields.append(("open_promises", told))
        fields.append(("holder", self._holder(handoff, holder_id)))
        if handoff.outcome:
            fields.append(("outcome", self.words.called("outcomes", handoff.outcome)))
        return fields

    def _customer(self, view: HandoffView) -> str:
        name = view.customer.name or self.words.say("unknown_customer")
        verified = self.words.say("verified" if view.customer.verified else "not_verified")
        return f"{escape(name)} ({verified})"

    def _account(self, account: Account) -> str:
        language = self.words.language
        plan = account.plan[language] if account.plan else self.words.say("no_plan")
        debt = self.words.say("owes", debt=account.debt[language]) if account.debt else self.words.say("owes_nothing")
        return f"{escape(plan)} · {escape(debt)}"

    def _holder(self, handoff: Handoff, holder_id: str | None) -> str:
        if handoff.agent is None:
            return self.words.say("nobody")
        mention = f" <@{holder_id}>" if holder_id and handoff.desk == "slack" else ""
        desk = "" if handoff.desk == "slack" else f" ({self.words.called('desks', handoff.desk)})"
        return f"{escape(handoff.agent)}{mention}{desk}"

    def _buttons(self, view: HandoffView) -> list[Json]:
        handoff = view.handoff
        usual = BUTTONS[handoff.status]
        if view.snoozed_until is not None:
            usual = tuple("wake" if name == "snooze" else name for name in usual)
        extra = {
            "promise_kept": view.promise is not None and view.promise.kept_at is None,
            "unpause": view.paused_until is not None,
        }
        names = [*usual, *(name for name, fits in extra.items() if fits)]
        return [button(self.words, name, handoff.id) for name in names]

    def _suggestion(self, view: HandoffView) -> list[Json]:
        """What the assistant would answer, and that what is left is its to answer; pressed by the holder."""
        suggestion = view.suggestion
        if suggestion is None:
            return []
        blocks: list[Json] = []
        if suggestion.text is not None:
            words = "\n".join(f">{escape(line)}" for line in suggestion.text[:LONGEST_FIELD].splitlines())
            blocks.append(_section(f"*{self.words.say('field.suggestion')}:*\n{words}"))
        if suggestion.offers_return:
            blocks.append(_section(self.words.say("say.offers_return")))
        if view.handoff.status is Status.ASSIGNED:
            names = ["suggestion_send", "suggestion_edit"] if suggestion.text is not None else []
            names += ["give_back"] if suggestion.offers_return else []
            value = f"{view.handoff.id} {suggestion.seq}"
            elements = [button(self.words, name, value) for name in names]
            blocks.append({"type": "actions", "block_id": "suggestion", "elements": elements})
        return blocks

    def _verdicts(self, handoff: Handoff) -> list[Json]:
        """Whether it came in time, in one press; the present word is ticked and can be changed."""
        return [self._verdict(handoff, verdict) for verdict in Verdict]

    def _verdict(self, handoff: Handoff, verdict: Verdict) -> Json:
        label = self.words.called("verdicts", verdict.value)
        text = f"✓ {label}" if handoff.verdict == verdict.value else label
        return {
            "type": "button",
            "action_id": f"handoff.verdict.{verdict.value}",
            "text": {"type": "plain_text", "text": text},
            "value": handoff.id,
        }


def button(words: DeskWords, name: str, value: str) -> Json:
    """A button of ours; what it is about travels in its value."""
    made: Json = {
        "type": "button",
        "action_id": f"handoff.{name}",
        "text": {"type": "plain_text", "text": words.say(f"button.{name}")},
        "value": value,
    }
    if name in ("claim", "resolve", "send_held"):
        made["style"] = "primary"
    return made


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _promised(promise: Promise) -> str:
    """What, by when and by whom; ticked once it is done."""
    tick = "✓ " if promise.kept_at else ""
    day = f" · {promise.due_on.strftime('%d/%m/%Y')}" if promise.due_on else ""
    return f"{tick}{escape(masked(promise.text)[:LONGEST_PROMISE])}{day} ({escape(promise.agent)})"


def _lines(summary: str) -> str:
    """The summary, each line set off; cut so that even all-escaped text fits a section."""
    lines = masked(summary).strip()[: LONGEST_FIELD // 3].splitlines()
    return "\n".join(f">{escape(line)}" for line in lines if line.strip())
