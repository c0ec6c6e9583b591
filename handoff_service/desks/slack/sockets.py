"""Socket Mode: two connections, so that one may be lost while the other listens. Stored, then acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from handoff_service.crash_points import reached
from handoff_service.desks.slack.api import DESK_IS_WRONG, SlackApi
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.intake import Intake

CONNECTIONS = 2
PING_EVERY = 3.0  # seconds
LOOK_EVERY = 0.5
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
BROKEN_PAUSE = 20.0
GIVE_UP_AFTER = 20.0  # seconds without a connection, after which the client is made anew

log = structlog.get_logger()


class Socket:
    """One connection, kept up."""

    def __init__(
        self,
        number: int,
        api: SlackApi,
        app_token: str,
        intake: Intake,
        health: DeskHealth,
        lost: Callable[[str], None],
    ) -> None:
        self._name = f"listening {number}"
        self._api = api
        self._app_token = app_token
        self._intake = intake
        self._health = health
        self._lost = lost
        self._has_listened = False

    async def run(self) -> None:
        """Until cancelled."""
        pause = FIRST_PAUSE
        while True:
            client = self._client()
            try:
                client.wss_uri = await client.issue_new_wss_url()
                async with asyncio.timeout(GIVE_UP_AFTER):
                    await client.connect()  # type: ignore[no-untyped-call]
                pause = FIRST_PAUSE
                await self._stay(client)
            except SlackApiError as error:
                pause = self._refused(error, pause)
            except Exception as error:  # whatever the library may raise, listening goes on
                log.warning("slack_socket_failed", kind=type(error).__name__)
                self._health.is_down(self._name)
            finally:
                await self._close(client)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _client(self) -> SocketModeClient:
        quiet = logging.getLogger("relevo.slack_sdk")  # it would log addresses that carry tickets
        client = SocketModeClient(self._app_token, logger=quiet, web_client=self._api.client, ping_interval=PING_EVERY)
        client.proxy = self._api.client.proxy
        client.socket_mode_request_listeners.append(self._listen)
        return client

    async def _stay(self, client: SocketModeClient) -> None:
        """As long as the library keeps it connected."""
        session: Any = None
        away_since: float | None = None
        loop = asyncio.get_running_loop()
        while True:
            if await client.is_connected():
                away_since = None
                self._health.is_well(self._name)
                if client.current_session is not session:
                    session = client.current_session
                    self._connected()
            else:
                away_since = loop.time() if away_since is None else away_since
                if loop.time() - away_since > 2.0:
                    self._health.is_down(self._name)
                if loop.time() - away_since > GIVE_UP_AFTER:
                    return
            await asyncio.sleep(LOOK_EVERY)

    def _connected(self) -> None:
        if self._has_listened:
            self._lost("reconnected")
        self._has_listened = True
        log.info("slack_socket_connected", activity=self._name)

    def _refused(self, error: SlackApiError, pause: float) -> float:
        name = str(error.response.get("error") or "") if isinstance(error.response.data, dict) else ""
        if name in DESK_IS_WRONG:
            self._health.is_broken(self._name, name)
            return BROKEN_PAUSE
        self._health.is_down(self._name)
        return pause

    async def _listen(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if await self._store(request):
            reached("before ack", "slack")
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            reached("after ack", "slack")

    async def _store(self, request: SocketModeRequest) -> bool:
        if request.type == "events_api":
            return await self._intake.event(request.payload)
        if request.type == "interactive":
            return await self._intake.interaction(request.payload)
        if request.type == "slash_commands":
            return await self._intake.command(request.payload)
        return True

    async def _close(self, client: SocketModeClient) -> None:
        try:
            async with asyncio.timeout(2.0):
                await client.close()  # type: ignore[no-untyped-call]
        except Exception:  # it is thrown away anyway
            log.debug("slack_socket_close_failed")
        await client.aiohttp_client_session.close()
