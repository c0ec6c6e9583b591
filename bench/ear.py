"""What an assistant understands and how fast, without HTTP: ``python -m bench.ear MODELS SENTENCES`` in its folder.

Reads sentences as JSON ([[text, intent], …]) and prints JSON: how many it got right, of how many, and milliseconds a
message at the median.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path

WARMING_UP = 30


def main(folder: str, sentences: str, ours: bool) -> None:
    """Load the newest model of a folder and put the sentences to it."""
    if ours:
        from bot.run import prepare

        prepare()
        from bot.quickness import hurry

        hurry()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(folder).processor
    pairs: list[tuple[str, str]] = json.loads(Path(sentences).read_text(encoding="utf-8"))

    async def listen() -> dict[str, float]:
        right, waits = 0, []
        for number, (text, intent) in enumerate([*pairs[:WARMING_UP], *pairs]):
            began = time.perf_counter()
            parsed = await processor.parse_message(UserMessage(text))
            if number >= WARMING_UP:
                waits.append((time.perf_counter() - began) * 1000)
                right += parsed["intent"]["name"] == intent
        return {"right": right, "of": len(pairs), "p50": statistics.median(waits)}

    print("HEARD", json.dumps(asyncio.run(listen())))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], ours="--ours" in sys.argv)
