"""`python -m tests.emulators.slack --port N`: an emulated Slack workspace until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import signal

from .running import READY
from .server import Emulator


async def serve(port: int, seed: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Emulator(seed).running(port) as base_url:
        print(f"{READY}{base_url}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same ids and the same dice")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.seed))
