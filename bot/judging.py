"""Try the judgement on the labelled conversations: ``python -m bot.judging [--accept] [--all]`` (`make judge`).

Trains first if anything but the judgement has changed; learns from data/judgement/ with config.yml as it stands, so
that a changed threshold shows at once; measures on tests/conversations/, from which nothing is learnt.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.conversations import read_conversations
from bot.judgement import Course
from bot.rehearsal import Played, Rehearsal
from bot.rules_of_thumb import RULES, came_by
from bot.run import MODELS, prepare, quieten
from bot.scoring import GOALS, Came, missed, scores

TEST = Path("tests/conversations")
ACCEPTED = Path("tests/conversations/accepted.json")
NAMES = {
    "accuracy": "right",
    "f1": "F1",
    "on_time": "on time",
    "needless": "needless",
    "gt_1": "GT-I",
    "gt_2": "GT-II",
    "gt_3": "GT-III",
    "asked": "asked",
    "urgent": "urgent",
    "kept": "kept",
}


def main(arguments: list[str]) -> int:
    """Print the figures, and what has changed; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bot.judging", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="compare with this result from now on")
    parser.add_argument(
        "--all", action="store_true", help="name every conversation that is judged wrongly, those learnt from too"
    )
    chosen = parser.parse_args(arguments)
    prepare()
    quieten()
    from bot.teaching import learnt_from, settled

    rehearsal = Rehearsal(_newest_model())
    beginner, emphasis, known = settled(Path("config.yml"))
    taught = learnt_from(known, rehearsal.look_on(known, beginner), beginner, emphasis)
    unseen = read_conversations(TEST)
    began = time.monotonic()
    played = rehearsal.play_all(unseen, taught)
    courses = rehearsal.look_on(unseen, taught)
    _print_figures(played, courses)
    print(f"\nplayed twice in {time.monotonic() - began:.0f} s")
    if chosen.all:
        _print_learnt(rehearsal.play_all(known, taught))
    _print_wrong([one for one in played if not one.is_right], chosen.all)
    moments = {one.conversation.id: one.came_at for one in played}
    _print_changes(_accepted(), moments)
    if chosen.accept:
        ACCEPTED.write_text(json.dumps(moments, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"\nKept as {ACCEPTED}.")
    return _verdict(scores([Came(one.conversation, one.came_at) for one in played]))


def _newest_model() -> str:
    from bot.train import fingerprint, model_for, sources, train

    current = model_for(fingerprint(sources()))
    models = sorted(Path(MODELS).glob("relevo-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if current.exists():
        return str(current)
    if models and not _is_older_than_what_it_hears_by(models[-1]):
        return str(models[-1])
    train()
    return str(current)


def _is_older_than_what_it_hears_by(model: Path) -> bool:
    """Has anything changed since that Rasa would have to learn anew? The judgement's own files don't count."""
    heard_by = [
        *Path("data/topics").rglob("*.yml"),
        *Path("data/mood").glob("*.yml"),
        *Path("data/signs").glob("*.yml"),
    ]
    heard_by += [Path("data/frustration.yml"), Path("data/meanings.yml"), Path("data/needs_meanings.yml")]
    return any(path.stat().st_mtime > model.stat().st_mtime for path in heard_by)


def _print_figures(played: Sequence[Played], courses: Sequence[Sequence[Course]]) -> None:
    ours = [Came(one.conversation, one.came_at) for one in played]
    print(f"{len(ours)} conversations that nothing was learnt from\n")
    print(f"{'':28}" + "".join(f"{name:>9}" for name in NAMES.values()))
    _print_row("Relevo", ours)
    for name, rule in RULES.items():
        _print_row(name, [came_by(rule, one.conversation, of) for one, of in zip(played, courses, strict=True)])
    print(f"{'goal':28}" + "".join(f"{_share(GOALS.get(name)):>9}" for name in NAMES))
    for heading, key in (("by language", "language"), ("by reason", "kind")):
        print(f"\n{heading}")
        for value in sorted({getattr(came.conversation, key) for came in ours}):
            _print_row(f"  {value}", [came for came in ours if getattr(came.conversation, key) == value])


def _print_row(name: str, of: Sequence[Came]) -> None:
    found = scores(of)
    print(f"{name[:20]:21}{len(of):>5}  " + "".join(f"{_share(found.get(figure)):>9}" for figure in NAMES))


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _print_learnt(played: Sequence[Played]) -> None:
    print("\nlearnt from")
    _print_row("  data/judgement", [Came(one.conversation, one.came_at) for one in played])
    _print_wrong([one for one in played if not one.is_right], everything=True)


def _print_wrong(wrong: Sequence[Played], everything: bool) -> None:
    print(f"\n{len(wrong)} judged wrongly")
    for one in wrong if everything else wrong[:12]:
        needed = one.conversation.needed
        should = f"{needed.not_before}–{needed.at} ({needed.reason})" if needed else f"never ({one.conversation.kind})"
        why = f": {one.judgement.reason}, {_signals(one)}" if one.judgement else ""
        print(f"  {one.conversation.id}: should be {should}, was {one.came_at or 'never'}{why}")


def _signals(one: Played) -> str:
    signals = one.judgement.signals if one.judgement else ()
    return ", ".join(f"{signal.name} {signal.value} ({signal.weight})" for signal in signals[:3])


def _accepted() -> dict[str, int | None] | None:
    return json.loads(ACCEPTED.read_text(encoding="utf-8")) if ACCEPTED.exists() else None


def _print_changes(before: Mapping[str, int | None] | None, now: Mapping[str, int | None]) -> None:
    """Which conversations come earlier, later, newly, no more."""
    if before is None:
        return
    for name, of in changes(before, now).items():
        print(f"\n{name}: {', '.join(of) if of else 'none'}", end="")
    print()


def changes(before: Mapping[str, int | None], now: Mapping[str, int | None]) -> dict[str, list[str]]:
    """What the result is beside the one before, for conversations that are in both."""
    both = [name for name in now if name in before and before[name] != now[name]]
    moments = [(name, before[name], now[name]) for name in both]
    return {
        "earlier": [f"{name} ({was} → {at})" for name, was, at in moments if was and at and at < was],
        "later": [f"{name} ({was} → {at})" for name, was, at in moments if was and at and at > was],
        "newly": [f"{name} ({at})" for name, was, at in moments if was is None and at],
        "no more": [f"{name} ({was})" for name, was, at in moments if was and at is None],
    }


def _verdict(found: Mapping[str, float]) -> int:
    lacking = missed(found)
    if lacking:
        print("\nMissed: " + ", ".join(f"{NAMES[name]} {_share(found[name])}" for name in lacking))
        return 1
    print("\nAll goals reached.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
