"""How much data each mobile line has used this month, and how much is left."""

from __future__ import annotations

from collections.abc import Sequence

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Usage
from actions.forms.lines import international
from actions.forms.message import Message
from actions.wording import data_words

NEARLY_USED_UP_PERCENT = 80


class DataUsage(AccountAction):
    topic = "data_usage"

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        lines = await within_time(self.office.backend.usage, customer_id)
        if not lines:
            speaker.say("utter_data_usage_no_mobile")
        for usage in _meant(lines, message):
            if message.named("asks_when") and usage.included_mb is not None:
                _say_until(usage, speaker)
            else:
                _say_usage(usage, speaker)


def _meant(lines: Sequence[Usage], message: Message) -> Sequence[Usage]:
    """The line whose number the message names, or all."""
    number = message.named("phone_number")
    return [usage for usage in lines if international(usage.number) == number] or lines


def _say_until(usage: Usage, speaker: Speaker) -> None:
    """Until when what is left has to last, and whether it will at this rate."""
    left_mb = max((usage.included_mb or 0) - usage.used_mb, 0)
    days_left = max((usage.renews_on - speaker.today).days, 1)
    values = {
        "number": usage.number,
        "left": data_words(left_mb, speaker.language),
        "a_day": data_words(left_mb // days_left, speaker.language),
        "renews_on": speaker.day(usage.renews_on),
    }
    speaker.say("utter_data_usage_until" if left_mb else "utter_data_usage_until_used_up", **values)


def _say_usage(usage: Usage, speaker: Speaker) -> None:
    values = {
        "number": usage.number,
        "used": data_words(usage.used_mb, speaker.language),
        "renews_on": speaker.day(usage.renews_on),
    }
    if usage.included_mb is None:
        speaker.say("utter_data_usage_unlimited", **values)
        return
    left_mb = max(usage.included_mb - usage.used_mb, 0)
    values["included"] = data_words(usage.included_mb, speaker.language)
    values["left"] = data_words(left_mb, speaker.language)
    if left_mb == 0:
        speaker.say("utter_data_usage_used_up", **values)
    elif usage.used_mb * 100 >= usage.included_mb * NEARLY_USED_UP_PERCENT:
        speaker.say("utter_data_usage_nearly_used_up", **values)
    else:
        speaker.say("utter_data_usage_line", **values)
