"""Which of the customer's lines have a minimum term, and until when."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.forms.message import Message


class Permanence(AccountAction):
    topic = "permanence"
    is_everyday = True

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        bound = [
            (line, line.permanence_ends)
            for line in await within_time(self.office.backend.lines, customer_id)
            if line.permanence_ends and line.permanence_ends >= speaker.today
        ]
        for line, ends_on in bound:
            speaker.say("utter_permanence_until", line=speaker.line(line), ends_on=speaker.day(ends_on))
        speaker.say("utter_permanence" if bound else "utter_permanence_free")
