"""Measure both assistants, one after the other, and print the comparison."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

from bench.load import Turns, at_concurrency, in_one_conversation
from bench.projects import ROOT, write_ours, write_stock
from bench.report import Figures, show, store
from bench.server import OURS, STOCK, Kind, Server, environment, train

CONCURRENCIES = (1, 8, 32)
HELD_OUT = ROOT / "tests" / "understanding"
RESULTS = ROOT / "results"


def main() -> int:
    """Train, start, ask, compare. 1 with a sentence when one of the assistants can't be measured."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        stock = _measure(STOCK, write_stock(folder / "stock", options.sentences), options.seconds)
        ours = _measure(OURS, write_ours(folder / "ours", options.sentences), options.seconds)
        everything = None if options.quick else train(OURS, write_ours(folder / "all", 0)).seconds
    except (subprocess.CalledProcessError, RuntimeError) as error:
        print(f"bench: {error}\nThe folder with logs is left in {folder}.", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    store(stock, ours, RESULTS / "bench.json")
    print(show(stock, ours, options.sentences, everything))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sentences", type=int, default=10, help="per intent and language (10; the stock one is slow)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts")
    parser.add_argument("--quick", action="store_true", help="leave out training on all the sentences")
    return parser.parse_args()


def _measure(kind: Kind, folder: Path, seconds: float) -> Figures:
    _say(f"{kind.name}: training …")
    trained = train(kind, folder)
    _say(f"{kind.name}: trained in {trained.seconds:.0f} s; turns over HTTP …")
    with Server(kind, folder) as server:
        idle = server.resident_megabytes()
        turns, by_length = asyncio.run(_load(server, seconds))
        after = server.resident_megabytes()
        load_seconds = server.load_seconds
    _say(f"{kind.name}: understanding …")
    heard = _ear(kind, folder)
    accuracy = heard["right"] / heard["of"]
    return Figures(trained, load_seconds, idle, after, heard["p50"], accuracy, turns, by_length)


async def _load(server: Server, seconds: float) -> tuple[list[Turns], dict[int, float]]:
    await at_concurrency(server, 1, 2.0)  # warming up
    turns = [await at_concurrency(server, concurrency, seconds) for concurrency in CONCURRENCIES]
    return turns, await in_one_conversation(server)


def _ear(kind: Kind, folder: Path) -> dict[str, float]:
    """What it makes of the held-out sentences, in a process of its own."""
    sentences = folder / "sentences.json"
    sentences.write_text(json.dumps(_held_out(), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "bench.ear", "models", str(sentences), *(["--ours"] if kind is OURS else [])]
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)
    told = next((line for line in done.stdout.splitlines() if line.startswith("HEARD ")), None)
    if told is None:
        raise RuntimeError(f"{kind.name} could not be asked: {done.stderr[-500:]}")
    heard: dict[str, float] = json.loads(told.removeprefix("HEARD "))
    return heard


def _held_out() -> list[tuple[str, str]]:
    """The exam's sentences with their intents, every variety of both languages."""
    pairs = []
    for path in sorted(HELD_OUT.glob("*.yml")):
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["understanding"]:
            texts = (line for key, lines in block.items() if key != "intent" for line in lines.splitlines())
            pairs += [(text.strip().removeprefix("- "), block["intent"]) for text in texts if text.strip()]
    return pairs


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
