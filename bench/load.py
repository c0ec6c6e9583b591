"""Turns over HTTP, from a client that waits for each answer before it says the next thing."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from dataclasses import dataclass

import aiohttp

from bench.server import Kind, Server

# Everyday questions that either assistant answers from its own words, in the proportion of two to one.
SAID = (
    "hola",
    "¿dónde y cómo puedo pagar?",
    "what shops do you have and when do they open",
    "qué horario tienen las tiendas",
    "¿eres un robot o una persona?",
    "quiero traer mi número de otra compañía",
    "gracias",
    "can i bring my number from another company",
    "cómo hago una llamada internacional y cuánto cuesta",
)
MARKS = (10, 100, 500)
AROUND = 5


@dataclass(frozen=True)
class Turns:
    """Turns at one concurrency: milliseconds at the median and the 99th percentile, and how many a second."""

    concurrency: int
    p50: float
    p99: float
    per_second: float
    per_cpu_second: float


async def at_concurrency(server: Server, concurrency: int, seconds: float) -> Turns:
    """Many customers, each in conversations of their own, for so many seconds. RuntimeError when an answer is empty."""
    waits: list[float] = []
    burnt, began = server.cpu_seconds(), time.monotonic()
    until = began + seconds
    async with aiohttp.ClientSession() as session:

        async def customer() -> None:
            while time.monotonic() < until:
                conversation = uuid.uuid4().hex
                for text in SAID:
                    waits.append(await _turn(session, server.kind, conversation, text))

        await asyncio.gather(*(customer() for _ in range(concurrency)))
    lasted, burnt = time.monotonic() - began, server.cpu_seconds() - burnt
    ordered = sorted(waits)
    return Turns(
        concurrency,
        p50=statistics.median(ordered),
        p99=ordered[int(len(ordered) * 0.99)],
        per_second=len(waits) / lasted,
        per_cpu_second=len(waits) / max(burnt, 0.01),
    )


async def in_one_conversation(server: Server) -> dict[int, float]:
    """How long a turn takes at turn 10, 100 and 500 of one conversation: milliseconds, median of those around."""
    conversation = uuid.uuid4().hex
    async with aiohttp.ClientSession() as session:
        waits = [
            await _turn(session, server.kind, conversation, SAID[number % len(SAID)])
            for number in range(max(MARKS) + AROUND)
        ]
    return {mark: statistics.median(waits[mark - 1 - AROUND : mark + AROUND]) for mark in MARKS}


async def _turn(session: aiohttp.ClientSession, kind: Kind, conversation: str, text: str) -> float:
    began = time.perf_counter()
    async with session.post(kind.url, json=kind.body(conversation, text), headers=kind.headers) as response:
        answer = await response.json(content_type=None)
    if response.status != 200 or not kind.said(answer):
        raise RuntimeError(f"{kind.name} answered {response.status} with nothing to {text!r}")
    return (time.perf_counter() - began) * 1000
