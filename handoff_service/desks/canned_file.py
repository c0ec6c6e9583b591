"""Reads the trainers' canned replies; each complaint names line and remedy.

`python -m handoff_service.desks.canned_file` checks the file and prints what is to be mended.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from handoff_service.desks.desk_nodes import Nodes
from handoff_service.settings import PROJECT, SettingsAreWrong
from handoff_service.switchboard.rules.canned import CannedReply, mistake
from handoff_service.words import LANGUAGES

CANNED_FILE = PROJECT / "data" / "canned.yml"
LONGEST_TITLE = 70  # characters that a choice in Slack has room for
LONGEST_TEXT = 2000  # before anything is filled in, so that what comes of it fits every channel

Replies = tuple[CannedReply, ...]


def load_canned(path: Path = CANNED_FILE) -> Replies:
    """The replies in their order, none where there is no such file; raises `SettingsAreWrong`."""
    if not path.exists():
        return ()
    nodes = Nodes(path.name)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise SettingsAreWrong(f"{path.name} can't be read: {error}") from None
    if root is None:
        return ()
    top = nodes.mapping(root, "the file", ["replies"])
    if "replies" not in top:
        return ()
    listed = nodes.mapping(top["replies"][1], "`replies`")
    return tuple(_reply(nodes, name, key, value) for name, (key, value) in listed.items())


def _reply(nodes: Nodes, name: str, key: yaml.Node, value: yaml.Node) -> CannedReply:
    found = nodes.mapping(value, f"`{name}`", ["title", "teams", *LANGUAGES])
    for wanted in ("title", *LANGUAGES):
        if wanted not in found:
            raise nodes.wrong(key, f"`{name}` has no `{wanted}`", "Add it: every reply has a title and both languages")
    titles = nodes.mapping(found["title"][1], "`title`", list(LANGUAGES))
    if set(titles) != set(LANGUAGES):
        raise nodes.wrong(found["title"][0], f"the title of `{name}` lacks a language", "Write {es: …, en: …}")
    teams = nodes.listed(found["teams"][1]) if "teams" in found else []
    return CannedReply(
        name,
        {language: _short(nodes, titles[language][1]) for language in LANGUAGES},
        {language: _text(nodes, found[language][1]) for language in LANGUAGES},
        frozenset(nodes.scalar(team) for team in teams),
    )


def _short(nodes: Nodes, node: yaml.Node) -> str:
    title = nodes.scalar(node)
    if not 0 < len(title) <= LONGEST_TITLE:
        raise nodes.wrong(node, "a title is missing or too long", f"Write up to {LONGEST_TITLE} characters")
    return title


def _text(nodes: Nodes, node: yaml.Node) -> str:
    text = nodes.scalar(node)
    if not 0 < len(text) <= LONGEST_TEXT:
        raise nodes.wrong(node, "a text is missing or too long", f"Write up to {LONGEST_TEXT} characters")
    wrong = mistake(text)
    if wrong is not None:
        raise nodes.wrong(node, *wrong)
    return text


def main() -> int:
    """1 and a sentence if the file needs a hand."""
    try:
        replies = load_canned()
    except SettingsAreWrong as wrong:
        print(f"data/{wrong}")
        return 1
    print(f"The canned replies are in order: {len(replies)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
