"""What lies outside the database: the assistant's memory, files, and the bot's own posts in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from handoff_service.action_server import client_of_action_server
from handoff_service.privacy.records import Subject, Thread
from handoff_service.settings import Settings

FORGET_TIMEOUT = 10.0  # seconds; a turn under way ends first
COMPLAINTS_TIMEOUT = 10.0  # seconds
VERDICTS = "judgement/verdicts.yml"

Json = dict[str, Any]


class NotForgotten(Exception):
    """The assistant didn't answer, so its memory may still hold what was said."""


class HoldsUnknown(Exception):
    """The operator's system didn't say whether a complaint is open, so that nothing may be erased."""


@dataclass
class SlackReceipt:
    """What was deleted in Slack, and what others wrote there and must delete themselves."""

    posts: int = 0
    files: int = 0
    by_hand: list[Json] = field(default_factory=list)


def drop_verdicts(settings: Settings) -> bool:
    """Take away what was last written for trainers, which may quote them; whoever needs it has it written anew."""
    path = settings.data_dir / VERDICTS
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def forget(settings: Settings, conversation_ids: Sequence[str]) -> int:
    """Have the assistant forget these conversations; how many rows it had. Raises `NotForgotten`."""
    headers = {"Authorization": f"Bearer {settings.relevo_secret.get_secret_value()}"}
    base = f"{settings.rasa_url}/webhooks/relevo/conversations"
    forgotten = 0
    with httpx.Client(headers=headers, timeout=FORGET_TIMEOUT, trust_env=False) as http:
        for conversation_id in conversation_ids:
            try:
                answer = http.delete(f"{base}/{conversation_id}")
                answer.raise_for_status()
                forgotten += int(answer.json()["forgotten"])
            except (httpx.HTTPError, ValueError, KeyError) as error:
                raise NotForgotten(type(error).__name__) from None
    return forgotten


async def open_complaints(actions: httpx.AsyncClient, subject: Subject) -> list[str]:
    """The codes of complaints that are on file and not answered yet. Raises `HoldsUnknown`."""
    asked = {"customer_id": subject.customer_id, "conversations": list(subject.conversations)}
    try:
        answer = await actions.post("/complaints/open", json=asked, timeout=COMPLAINTS_TIMEOUT)
        answer.raise_for_status()
        return [str(code) for code in answer.json()["codes"]]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise HoldsUnknown(type(error).__name__) from None


def held_by_complaints(settings: Settings, subjects: Sequence[Subject]) -> dict[str, list[str]]:
    """The same for each of these, by its first conversation; who has no open complaint is left out."""

    async def ask() -> dict[str, list[str]]:
        async with client_of_action_server(settings) as actions:
            asked = {each.conversations[0]: await open_complaints(actions, each) for each in subjects}
        return {conversation_id: codes for conversation_id, codes in asked.items() if codes}

    return asyncio.run(ask())


async def delete_posts(settings: Settings, threads: Sequence[Thread]) -> SlackReceipt:
    """Delete the bot's own posts in these threads, with their files; others' lines are listed."""
    receipt = SlackReceipt()
    if not settings.slack_is_on:
        receipt.by_hand += [{"channel": each.channel, "ts": each.ts, "why": "slack_is_off"} for each in threads]
        return receipt
    from handoff_service.privacy.slack_posts import delete_own  # Slack's library only where Slack is on

    await delete_own(settings, threads, receipt)
    return receipt
