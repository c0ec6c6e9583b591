"""How much data each mobile line has used this month, and how much is left."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Usage
from actions.wording import data_words

NEARLY_USED_UP_PERCENT = 80


class DataUsage(AccountAction):
    topic = "data_usage"

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        lines = await within_time(self.office.backend.usage, customer_id)
        if not lines:
            speaker.say("utter_data_usage_no_mobile")
        for usage in lines:
            _say_usage(usage, speaker)


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
