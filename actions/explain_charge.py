"""What the newest bill is made of, what changed against the one before, and why."""

from __future__ import annotations

from collections.abc import Sequence

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import NOTHING, Bill, ItemKind
from actions.bill_comparison import Change, changes_between
from actions.bill_meant import place_of_bill, say_no_such_bill
from actions.forms.message import Message
from actions.wording import difference_words, listed

# What an increase means to a customer; other entries speak for themselves.
REASONS: dict[ItemKind, str] = {
    ItemKind.DISCOUNT: "utter_explain_charge_promotion_ended",
    ItemKind.ROAMING: "utter_explain_charge_roaming",
    ItemKind.PREMIUM_SMS: "utter_explain_charge_premium_sms",
}


class ExplainCharge(AccountAction):
    topic = "explain_charge"

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        bills = await within_time(self.office.backend.bills, customer_id)
        if not bills:
            speaker.say("utter_explain_charge_no_bills")
            return
        place = place_of_bill(bills, message, speaker.today)
        if place is None:
            say_no_such_bill(bills, message, speaker)
            return
        _say_entries(bills[place], speaker)
        if place + 1 < len(bills):
            _say_changes(bills[place + 1], bills[place], speaker)


def _say_entries(bill: Bill, speaker: Speaker) -> None:
    speaker.say(
        "utter_explain_charge_bill",
        number=bill.number,
        total=speaker.money(bill.total),
        period_start=speaker.day(bill.period_start),
        period_end=speaker.day(bill.period_end),
        entries=listed(
            f"{item.name.in_language(speaker.language)}: {speaker.money(item.amount)}" for item in bill.items
        ),
    )


def _say_changes(previous: Bill, current: Bill, speaker: Speaker) -> None:
    difference = current.total - previous.total
    changes = changes_between(previous, current)
    if not changes:
        speaker.say("utter_explain_charge_same", total=speaker.money(current.total))
        return
    if difference == NOTHING:
        response = "utter_explain_charge_even"
    else:
        response = "utter_explain_charge_higher" if difference > 0 else "utter_explain_charge_lower"
    speaker.say(
        response,
        difference=speaker.money(abs(difference)),
        previous_total=speaker.money(previous.total),
        changes=listed(
            f"{change.name.in_language(speaker.language)}: {difference_words(change.difference, speaker.language)}"
            for change in changes
        ),
    )
    _say_reasons(changes, speaker)


def _say_reasons(changes: Sequence[Change], speaker: Speaker) -> None:
    """Once for each kind of increase that has an explanation, with all of its amount."""
    for kind, response in REASONS.items():
        risen = [change for change in changes if change.kind is kind and change.difference > 0]
        if risen:
            amount = sum((change.difference for change in risen), NOTHING)
            name = risen[0].name.in_language(speaker.language)
            speaker.say(response, amount=speaker.money(amount), name=name)
