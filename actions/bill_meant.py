"""Which bill a message is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.account_action import Speaker
from actions.backend.model import Bill
from actions.forms.message import Message
from actions.months import bill_of_month, month_meant
from actions.wording import month_words


def month_named(message: Message, today: date) -> date | None:
    """The first of the month that the message names."""
    value = message.named("month")
    return month_meant(str(value), today) if value else None


def place_of_bill(bills: Sequence[Bill], message: Message, today: date) -> int | None:
    """Where among the bills (newest first) that of the month named stands, or the newest where none is named.

    None when there is no bill of that month.
    """
    month = month_named(message, today)
    if month is None:
        return 0
    bill = bill_of_month(bills, month)
    return None if bill is None else bills.index(bill)


def say_no_such_bill(bills: Sequence[Bill], message: Message, speaker: Speaker) -> None:
    """Names the month asked for and those there are bills of."""
    month = month_named(message, speaker.today)
    speaker.say(
        "utter_no_bill_of_month",
        month=month_words(month, speaker.language) if month else "",
        oldest=month_words(bills[-1].period_start, speaker.language),
        newest=month_words(bills[0].period_start, speaker.language),
    )
