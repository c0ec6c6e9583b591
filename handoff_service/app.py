"""Wiring only: the parts, the routes, and the order in which they start and stop.

The platforms' adapters are imported only where they are on: their libraries take longer to load than all the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from handoff_service import demo, pages
from handoff_service.action_server import client_of_action_server
from handoff_service.body_limit import BodyLimit
from handoff_service.channels import file_routes
from handoff_service.channels.upload_quota import UploadQuota
from handoff_service.channels.widget import Widget
from handoff_service.desks import agents_api, refusals
from handoff_service.desks.agents import load_agents
from handoff_service.desks.canned_file import load_canned
from handoff_service.desks.desk_file import load_desk_file
from handoff_service.desks.desk_socket import Desk
from handoff_service.health import Health
from handoff_service.observability import tracing
from handoff_service.observability.endpoint import Observatory
from handoff_service.privacy.clerk import Clerk
from handoff_service.settings import Settings
from handoff_service.store.database import Store
from handoff_service.switchboard import turns
from handoff_service.switchboard.accounts import AccountLookup
from handoff_service.switchboard.canned import Canned
from handoff_service.switchboard.documents import Documents
from handoff_service.switchboard.door import Door
from handoff_service.switchboard.files import Cabinet
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.suggester import Suggester
from handoff_service.switchboard.turn_runner import TurnRunner
from handoff_service.switchboard.watchdog import Watchdog
from handoff_service.words import load_words

if TYPE_CHECKING:
    from handoff_service.channels.telegram.channel import Telegram
    from handoff_service.desks.slack.desk import SlackDesk

log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The service. The store is opened at once, so that a second process on it fails here and not later."""
    desk_file = load_desk_file(settings.desk_file)
    words = load_words(settings.operator_name, timezone=desk_file.timezone, desk_language=desk_file.language)
    agents = load_agents(settings, desk_file)
    canned = Canned(load_canned(), settings.operator_name)
    hub = Hub()
    store = Store(settings.database, hub, roster=desk_file)
    door = Door(settings)
    actions = client_of_action_server(settings)
    cabinet = Cabinet(settings.data_dir / "files")
    quota = UploadQuota(store, settings)
    documents = Documents(actions, cabinet)
    runner = TurnRunner(store, hub, door, documents, words)
    suggester = Suggester(store, hub, door)
    accounts = AccountLookup(store, hub, actions)
    observatory = Observatory(store, hub)
    watchdog = Watchdog(store, hub, words, desk_file)
    clerk = Clerk(store, hub, words, settings, cabinet, actions)
    slack: SlackDesk | None = None
    if settings.slack_is_on:
        from handoff_service.desks.slack.desk import SlackDesk

        slack = SlackDesk(settings, store, hub, words, agents, desk_file, canned)
    telegram: Telegram | None = None
    if settings.telegram_is_on:
        from handoff_service.channels.telegram.channel import Telegram

        telegram = Telegram(settings, store, hub, words, cabinet, quota, actions)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        if settings.single_process:
            await store.run(turns.release_leases)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.to_thread, tracing.stop)
            stack.callback(store.close)
            stack.push_async_callback(door.close)
            stack.push_async_callback(actions.aclose)
            if store.fanout is not None:
                await stack.enter_async_context(store.fanout.serving())
            await stack.enter_async_context(agents.turned_away.serving(store))
            await stack.enter_async_context(observatory.serving())
            await stack.enter_async_context(runner.serving())
            await stack.enter_async_context(suggester.serving())
            await stack.enter_async_context(accounts.serving())
            await stack.enter_async_context(watchdog.serving())
            await stack.enter_async_context(clerk.serving())
            if telegram is not None:
                await stack.enter_async_context(telegram.serving())
            if slack is not None:
                await stack.enter_async_context(slack.serving())
            log.info("serving", host=settings.host, port=settings.port)
            yield
            log.info("stopping")

    app = FastAPI(title="Relevo", version="0.1.0", lifespan=life, docs_url="/docs", redoc_url=None)
    app.add_middleware(BodyLimit)
    if settings.allowed_origins:  # a widget on another site sends files across origins; its token is in a header
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(settings.allowed_origins),
            allow_methods=["POST"],
            allow_headers=["Authorization"],
            expose_headers=["Retry-After"],
        )
    refusals.install(app)
    ways_on = {"telegram": telegram.link_for} if telegram is not None else {}
    app.include_router(Widget(store, hub, words, settings, ways_on).router())  # first: thousands come back at once
    app.include_router(agents_api.router(store, words, agents, desk_file, canned, settings.files_url), tags=["agents"])
    app.include_router(file_routes.router(store, cabinet, quota))
    if telegram is not None:
        app.include_router(telegram.router())
    app.include_router(Desk(store, hub, agents, settings.files_url).router())
    if slack is not None:
        app.include_router(slack.router())
    app.include_router(Health(store, door, actions, slack).router(), tags=["operation"])
    app.include_router(observatory.router(), tags=["operation"])
    app.include_router(demo.router(settings, actions))
    app.include_router(pages.router(settings.files_url))
    pages.mount(app)
    return app
