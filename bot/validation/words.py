"""What customers read: both languages, short enough for every channel, buttons that lead somewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.protocol import LANGUAGES
from bot.topic_text import Button, Problem, TopicText, Variation
from bot.validation.examples import NAMES

# Telegram's limits: a message in UTF-16 units, what a button carries in bytes.
LONGEST_ANSWER = 4096
LONGEST_BUTTON = 64
# The short name of a topic is read on a button among others.
TITLE, LONGEST_TITLE = "utter_title_", 20
# Buttons that the switchboard or the customer's app acts on; the assistant never sees them pressed.
_PRESSED_ELSEWHERE = {"queue.cancel", "queue.continue", "queue.request", "contact.share"}


def wordings(variations: Iterable[Variation]) -> Iterator[Problem]:
    """Answers that lack a language in one of their cases, or can't be sent."""
    by_response: dict[str, list[Variation]] = defaultdict(list)
    for variation in variations:
        by_response[variation.response].append(variation)
        yield from _unsendable(variation)
    for response, of_response in by_response.items():
        for others in {wording.others for wording in of_response}:
            yield from _for_one_case(response, [w for w in of_response if w.others == others])


def _unsendable(variation: Variation) -> Iterator[Problem]:
    name, place = variation.response, variation.place
    if variation.has_channel:
        yield Problem(place, f"{name}: `channel:` would overrule the language; leave it out")
    if not variation.text.strip() and variation.has_text:
        yield Problem(place, f"{name} has an empty text")
    length = len(variation.text.encode("utf-16-le")) // 2
    if length > LONGEST_ANSWER:
        yield Problem(place, f"{name} is too long: {length} characters, and Telegram sends {LONGEST_ANSWER}")
    if name.startswith(TITLE) and length > LONGEST_TITLE:
        yield Problem(place, f"{name} is too long: {length} characters, and a topic's title has {LONGEST_TITLE}")


def _for_one_case(response: str, of_case: list[Variation]) -> Iterator[Problem]:
    case = ", ".join(f"{name}: {value}" for name, value in sorted(of_case[0].others))
    when = f" when {case}" if case else ""
    for language in LANGUAGES:
        if language not in {wording.language for wording in of_case}:
            yield Problem(of_case[0].place, f"{response} has no {NAMES[language]} wording{when}")
    for wording in of_case:
        if wording.language not in LANGUAGES:
            yield Problem(wording.place, f"{response} is in a language that nobody is answered in: {wording.language}")


def buttons(topics: TopicText, variations: Iterable[Variation]) -> Iterator[Problem]:
    """Buttons without a title, too long for a channel, or leading nowhere."""
    intents = {intent for intent, _, _ in topics.blocks}
    for variation in variations:
        for button in variation.buttons:
            yield from _button(button, intents)


def _button(button: Button, intents: set[str]) -> Iterator[Problem]:
    if not button.title:
        yield Problem(button.place, "a button needs a title")
    for what, words in (("title", button.title), ("payload", button.payload)):
        size = len(words.encode())
        if size > LONGEST_BUTTON:
            yield Problem(
                button.place,
                f"the {what} of the button «{button.title}» is too long: {size} bytes, and {LONGEST_BUTTON} fit "
                "(an accented letter takes two)",
            )
    if button.payload in _PRESSED_ELSEWHERE:
        return
    wanted = button.payload.removeprefix("/").split("{")[0].strip()
    if not button.payload.startswith("/") or wanted not in intents:
        yield Problem(button.place, f"the button «{button.title}» leads to {button.payload!r}, which is no intent")
