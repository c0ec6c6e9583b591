"""How soon an agent's line stands in the customer's widget."""

from __future__ import annotations

import asyncio
import time

import httpx

from tests.load.customer import WITHIN, Customer
from tests.load.echo import echo_server, round_trips
from tests.load.figures import Figure, at, median
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue

TARGET_MS = 20.0


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """From the call of the agents' API, as the console makes it, to the frame in the widget."""
    with venue.stage() as stage, echo_server() as server:
        echoed = median(await round_trips(server, scale.lines)) * 1000
        customer = await Customer.come(stage.url)
        await customer.asks_for_person()
        async with agents_api(stage) as api:
            handoff = await claimed(api, customer.conversation_id)
            took = [await _said(api, handoff, customer, f"Ya lo miro, línea {n}") for n in range(scale.lines)]
    name = "an agent's line in the widget, p50"
    note = f"p95 {at(0.95, took) * 1000:.1f} ms"
    return [Figure(name, "ms", TARGET_MS, median(took) * 1000, False, "echo", echoed, note)]


def agents_api(stage: Stage) -> httpx.AsyncClient:
    """The agents' API as Ana."""
    headers = {"Authorization": "Bearer token-of-ana"}
    return httpx.AsyncClient(verify=False, trust_env=False, base_url=f"{stage.url}/v1", headers=headers, timeout=WITHIN)


async def claimed(api: httpx.AsyncClient, conversation_id: str) -> str:
    """The id of the conversation's handoff, which is Ana's now."""
    waiting = (await api.get("/handoffs", params={"status": "queued"})).raise_for_status().json()["handoffs"]
    handoff = next(str(each["id"]) for each in waiting if each["conversation_id"] == conversation_id)
    (await api.post(f"/handoffs/{handoff}/claim")).raise_for_status()
    return handoff


async def _said(api: httpx.AsyncClient, handoff: str, customer: Customer, text: str) -> float:
    arrived = customer.hears(text)
    began = time.perf_counter()
    calling = asyncio.create_task(api.post(f"/handoffs/{handoff}/messages", json={"text": text, "id": text}))
    await asyncio.wait_for(arrived, WITHIN)
    took = time.perf_counter() - began
    (await calling).raise_for_status()
    return took
