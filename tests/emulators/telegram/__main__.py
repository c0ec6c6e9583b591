"""`python -m tests.emulators.telegram --port N`: the emulator as a process of its own.

Once it listens, it prints one line of JSON: `{"url": …, "token": …}`. SIGTERM and Ctrl-C end it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from tests.emulators.telegram.server import Server
from tests.emulators.telegram.world import DEFAULT_TOKEN


async def run(port: int, token: str, seed: int) -> None:
    until = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, until.set)
    server = Server(port, token, seed)

    def tell() -> None:
        print(json.dumps({"url": server.url, "token": token}), flush=True)

    await server.serve(until, tell)


def main() -> None:
    parser = argparse.ArgumentParser(description="An emulated Telegram: the Bot API and the people behind it.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token of the bot")
    parser.add_argument("--seed", type=int, default=0, help="decides ids and which faults strike")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.port, arguments.token, arguments.seed))


if __name__ == "__main__":
    main()
