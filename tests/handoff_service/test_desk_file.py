"""DESK_FILE: what it says is believed, what it says wrongly is told with its line and what to write instead."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.settings import SettingsAreWrong
from handoff_service.switchboard.rules.calendar import Interval
from handoff_service.switchboard.rules.roster import AnswerTimes, ListedAgent, Roster

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "desk.example.yml"


def read(directory: Path, text: str) -> Roster:
    file = directory / "desk.yml"
    file.write_text(text, encoding="utf-8")
    return load_desk_file(file)


def test_without_a_file_one_team_is_always_open() -> None:
    roster = load_desk_file(None)
    assert list(roster.teams) == ["general"]
    assert roster.teams["general"].calendar.never_closes
    assert roster.teams["general"].has("anybody")
    assert roster == Roster()


def test_the_example_says_what_the_guide_tells() -> None:
    roster = load_desk_file(EXAMPLE)
    billing, technical = roster.teams["billing"], roster.teams["technical"]
    assert roster.agents["Ana"] == ListedAgent("Ana", "U024BE7LH", True, 4)
    assert roster.capacity_of("Sam") == 3
    assert roster.supervisors == ("Ana",)
    assert billing.calendar.intervals(date(2027, 2, 1)) == (Interval(540, 840), Interval(960, 1140))
    assert billing.calendar.intervals(date(2027, 12, 24)) == (Interval(540, 780),)
    assert billing.calendar.intervals(date(2027, 12, 31)) == ()
    assert billing.calendar.intervals(date(2027, 12, 8)) == ()  # a national holiday, a Wednesday
    assert billing.calendar.intervals(date(2028, 5, 2)) == ()  # Madrid's own
    assert billing.calendar.intervals(date(2027, 5, 15)) == ()
    assert (billing.overflow, billing.is_automatic, billing.members) == ("general", True, ("Ana", "Luis"))
    assert (technical.on_call, technical.channel) == (("Marta",), None)
    assert roster.urgent.team == "technical"
    assert roster.limits.answers == AnswerTimes(900, 600, 28800, 0.8, 900)
    assert (roster.limits.abandon, roster.limits.return_within) == (86400, 172800)


def test_one_value_alone_and_never(tmp_path: Path) -> None:
    limits = read(tmp_path, "limits: {waiting: 300, silence: {agent: never}, survey: no}\n").limits
    assert (limits.abandon, limits.agent_silence, limits.asks_survey) == (300, None, False)


def test_members_by_slack_id_are_the_agents_who_have_it(tmp_path: Path) -> None:
    text = "agents: {Ana: {slack: U1}}\nteams: {billing: {members: [U1, U9]}}\n"
    assert read(tmp_path, text).teams["billing"].members == ("Ana", "U9")


def test_days_in_spanish_and_hours_past_midnight(tmp_path: Path) -> None:
    text = "teams:\n  noche:\n    hours:\n      miércoles: 22:00-6:00\n      sábado-domingo: 0:00-24:00\n"
    week = read(tmp_path, text).teams["noche"].calendar.week
    assert week[2] == (Interval(22 * 60, 30 * 60),)
    assert week[5] == week[6] == (Interval(0, 1440),)
    assert week[0] == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("teams:\n  a:\n    hours:\n      mon: 9-14\n", "line 4: `9-14` is no interval. Write it like 9:00-14:00"),
        ("teams:\n  a:\n    hours:\n      mon: 9:00-25:00\n", "line 4: `9:00-25:00` is no interval"),
        ("teams:\n  a:\n    hours:\n      mon: 9:00-14:00, 13:00-15:00\n", "line 4: the intervals of `mon` overlap"),
        (
            "teams:\n  a:\n    hours:\n      mon-fri: 9:00-14:00\n      tue: 1:00-2:00\n",
            "line 5: `tue` has",
        ),
        ("teams:\n  a:\n    hours:\n      funday: 9:00-14:00\n", "line 4: `funday` is no weekday"),
        ("teams:\n  a:\n    hours: {mon: closed}\n", "line 3: `a` never opens"),
        (
            "teams:\n  a:\n    hours:\n      mon: 9:00-14:00\n      exceptions: {24.12.: closed}\n",
            "line 5: `24.12.` is no date",
        ),
        ("teams:\n  a: {overflow: b}\n", "line 2: `b` is no other team. There is no other team; take the line away"),
        ("teams:\n  a: {members: [Eva]}\n", "line 2: `Eva` is nobody under `agents`. Write `Eva:` as a line under"),
        ("teams:\n  a: {assignment: magic}\n", "line 2: `magic` is no assignment. Write free or automatic"),
        ("teams:\n  a: {languages: [fr]}\n", "line 2: `fr` is no language"),
        ("teams:\n  a: {channel: queue}\n", "line 2: `queue` is no Slack channel ID"),
        ("teams:\n  a: {colour: red}\n", "line 2: unknown key `colour` of `a`. Known are topics,"),
        ("holidays: {country: XX}\n", "line 1: `XX` is no country"),
        ("holidays:\n  country: ES\n  region: TX\n", "line 3: `TX` is no region of ES. Known are AN,"),
        ("holidays: {region: MD}\n", "line 1: `region` stands without a `country`"),
        ("agents:\n  Ana: {capacity: many}\n", "line 2: `many` is no capacity. Write a whole number from 0 to 50"),
        ("limits:\n  waiting: soon\n", "line 2: `soon` is no time for `limits.waiting`. Write one like 90s"),
        ("limits:\n  patience: 5m\n", "line 2: unknown key `patience` of `limits`"),
        ("limits:\n  answers: {warn_at: 120%}\n", "line 2: `120%` is no warn_at. Write a share like 80%"),
        ("limits:\n  return: {head_start: never}\n", "line 2: `return.head_start` can't be switched off"),
        (
            "limits:\n  reminders: {agent: 2h}\n  silence: {agent: 1h}\n",
            "line 2: `reminders.agent` would come",
        ),
        ("urgent: {reasons: [bored]}\n", "line 1: `bored` is no reason"),
        ("urgent: {team: night}\nteams: {a: {}, b: {}}\n", "line 1: `night` is no team. Write a or b"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsAreWrong, match=re.escape(f"desk.yml, {complaint}")):
        read(tmp_path, text)


def test_every_limit_of_the_example_stands_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide-desk.md").read_text(encoding="utf-8")
    keys = ("answers.first", "answers.next", "answers.resolution", "answers.warn_at", "answers.supervisor")
    keys += ("waiting.reassure", "waiting.overflow", "waiting.abandon", "reminders.agent", "silence.agent")
    keys += ("reminders.customer", "silence.customer", "return.within", "return.head_start", "survey")
    assert [key for key in keys if f"| `{key}`" not in guide] == []
