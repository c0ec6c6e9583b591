"""Finding out who somebody is: a code goes to the number on file, and who brings it back is that customer.

Whether there is such a number shows nowhere: an unknown one takes the same way to the same words, and the sending of a
real code happens after the answer.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from rasa_sdk import Tracker

from actions.backend.calling import within_time
from actions.backend.interface import Backend, BackendUnavailableError, UnknownCustomerError
from actions.backend.model import Customer
from actions.conversation import idempotency_key, language_of
from actions.identification.challenges import Asked, Challenges, Tried
from actions.identification.rules import Contact
from actions.identification.text_message import TextMessage

logger = logging.getLogger(__name__)

SENDING_LIMIT_S = 10.0
SENDING_TRIES = 3
PAUSE_BETWEEN_S = 1.0
ASKING, TRYING = "identify:ask", "identify:try"


@dataclass(frozen=True)
class Identification:
    """Asks for codes, has them sent, and checks what comes back."""

    backend: Backend
    challenges: Challenges
    text_message: TextMessage
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, tracker: Tracker, contact: Contact) -> Asked:
        """Has a code sent to whoever has this number or id, if anybody has."""
        customer = await self._find(contact)
        customer_id = customer.customer_id if customer else None
        key = idempotency_key(tracker, ASKING)
        asked = await within_time(self.challenges.ask, tracker.sender_id, key, contact.written, customer_id)
        return self._sent(tracker, asked)

    async def ask_again(self, tracker: Tracker) -> Asked:
        """Has another code sent to where the last one went."""
        key = idempotency_key(tracker, ASKING)
        asked = await within_time(self.challenges.ask_again, tracker.sender_id, key)
        return self._sent(tracker, asked)

    async def try_code(self, tracker: Tracker, code: str) -> Tried:
        key = idempotency_key(tracker, TRYING)
        return await within_time(self.challenges.try_code, tracker.sender_id, key, code)

    async def _find(self, contact: Contact) -> Customer | None:
        if contact.phone:
            return await within_time(self.backend.customer_by_phone, contact.phone)
        try:
            return await within_time(self.backend.customer, contact.customer_id)
        except UnknownCustomerError:
            return None

    def _sent(self, tracker: Tracker, asked: Asked) -> Asked:
        if asked.code and asked.customer_id:
            operator = str(tracker.slots.get("operator") or "")
            text = self.text_message.with_code(asked.code, language_of(tracker), operator)
            task = asyncio.get_running_loop().create_task(self._send(asked.customer_id, text))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return asked

    async def _send(self, customer_id: str, text: str) -> None:
        """Tries a few times. What fails for good is for the operator's log; the customer asks for another code."""
        for left in reversed(range(SENDING_TRIES)):
            try:
                await within_time(self.backend.send_code, customer_id, text, limit_s=SENDING_LIMIT_S)
                return
            except UnknownCustomerError:
                return
            except BackendUnavailableError:
                logger.error("a code could not be sent (%d tries left)", left)
            except Exception as error:  # the outermost place of this task; the message may hold the number
                logger.error("sending a code failed: %s", type(error).__name__)
                return
            if left:
                await asyncio.sleep(PAUSE_BETWEEN_S)
