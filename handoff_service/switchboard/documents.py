"""Documents that come with the assistant's answer: fetched from the action server before the answer counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import structlog

from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import files
from handoff_service.switchboard.answers import Answer, Document, Said
from handoff_service.switchboard.door import PAUSE_BETWEEN_TRIES, AssistantFailed
from handoff_service.switchboard.files import LARGEST, Cabinet, FileRefused, NoSuchFile, StoredFile
from handoff_service.switchboard.turns import Turn

ONE_TRY = 3.0  # seconds

log = structlog.get_logger()


class Documents:
    """The client of the action server's documents, and the cabinet they go to."""

    def __init__(self, actions: httpx.AsyncClient, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._http = actions

    async def fetch(self, turn: Turn, answer: Answer) -> Answer:
        """The answer with its documents kept as files; raises `AssistantFailed` when one doesn't come in time.

        Words that announce a document are not said without it.
        """
        fetched: list[Said] = []
        try:
            for said in answer.said:
                kept = tuple([await self._fetch_in_time(turn, document) for document in said.documents])
                fetched.append(replace(said, files=kept))
        except BaseException:
            self._discard(kept for said in fetched for kept in said.files)
            raise
        return replace(answer, said=tuple(fetched))

    async def discard_unused(self, store: Store, answer: Answer) -> None:
        """Throw away what was fetched for an answer that nobody was given after all."""
        for stored in [kept for said in answer.said for kept in said.files]:
            try:
                await store.read(files.find, stored.id)
            except NoSuchFile:
                self._discard([stored])
            except StoreUnavailable:
                log.warning("document_may_lie_unused", conversation_id=stored.conversation_id)

    async def _fetch_in_time(self, turn: Turn, document: Document) -> StoredFile:
        while (left := (turn.deadline_at - datetime.now(UTC)).total_seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    content = await self._fetch_once(turn, document)
                return await asyncio.to_thread(self._keep, turn, document, content)
            except (httpx.HTTPError, TimeoutError) as error:
                log.warning("document_try_failed", turn_id=turn.id, error=type(error).__name__)
                if _is_final(error):
                    break
                await asyncio.sleep(min(PAUSE_BETWEEN_TRIES, max(left, 0)))
            except FileRefused:
                log.error("document_refused", turn_id=turn.id)
                break
        raise AssistantFailed

    async def _fetch_once(self, turn: Turn, document: Document) -> bytes:
        path = f"/documents/{quote(document.ref, safe='')}"
        content = bytearray()
        asked_by = {"conversation": turn.conversation_id}
        async with self._http.stream("GET", path, params=asked_by, timeout=ONE_TRY) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    raise FileRefused
        return bytes(content)

    def _keep(self, turn: Turn, document: Document, content: bytes) -> StoredFile:
        stored = self._cabinet.put(turn.conversation_id, document.name, content)
        if stored.mime != document.mime:
            self._discard([stored])
            raise FileRefused
        return stored

    def _discard(self, kept: Iterable[StoredFile]) -> None:
        for stored in kept:
            self._cabinet.path(stored.id).unlink(missing_ok=True)


def _is_final(error: Exception) -> bool:
    """Whether asking again is of no use: the reference is not taken."""
    return isinstance(error, httpx.HTTPStatusError) and error.response.is_client_error
