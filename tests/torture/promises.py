"""The promises, held against the people's book, the record, and what stands on the platforms. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.torture.ledger import Ledger, Reply, Talk
from tests.torture.marks import OF_AGENT, OF_CUSTOMER, marks_in, said_in
from tests.torture.record import OPEN, Record, Row

TOOK = frozenset({"handoff_claimed", "handoff_reopened"})  # the second by an agent only: customers reopen to a queue
ECHO = "eco: "
GAVE_BACK = frozenset({"handoff_released", "handoff_resolved", "handoff_cancelled", "handoff_abandoned"})


@dataclass
class Seen:
    """What stands on the platforms at the end."""

    threads: dict[str, list[str]] = field(default_factory=dict)  # by the card's stamp: the app's posts below it
    cards: Counter[str] = field(default_factory=Counter)  # how many each handoff has
    chats: dict[int, list[str]] = field(default_factory=dict)  # by chat: what the bot said, from top to bottom
    late_lines: frozenset[str] = frozenset()  # stamps of lines that Slack itself brought late or never
    logs: str = ""


@dataclass(frozen=True)
class Broken:
    """A promise that was not kept, and where."""

    promise: str
    where: str


@dataclass
class Verdict:
    """All that was found, and the figures of the table."""

    broken: list[Broken] = field(default_factory=list)
    acknowledged: int = 0
    to_agents: int = 0
    to_customers: int = 0
    repetitions: int = 0
    late: int = 0
    given_up: int = 0

    def count(self, *promises: str) -> int:
        return sum(each.promise in promises for each in self.broken)


LOST = ("acknowledged and lost", "lost on the way to the agent", "lost on the way to the customer")
DOUBLED = (
    "stored twice",
    "twice to the agent",
    "twice to the customer",
    "answered twice",
    "repeated without a lost answer",
)
DISORDER = ("stored out of order", "out of order to the agent", "out of order to the customer")


def judge(ledger: Ledger, record: Record, seen: Seen) -> Verdict:
    """Hold everything against everything."""
    verdict = Verdict()
    for talk in ledger.talks.values():
        if not talk.conversation_id:
            talk.conversation_id = _conversation_of(talk, record)
        messages = record.messages.get(talk.conversation_id, [])
        replies = [reply for reply in ledger.replies if reply.mark == talk.mark]
        verdict.broken += _stored(talk, messages)
        verdict.broken += _from_agents(talk, messages, replies, seen)
        verdict.broken += (
            _on_widget(talk, messages) if talk.channel == "widget" else _on_telegram(talk, messages, record, seen)
        )
        verdict.broken += _answers(talk, messages)
        verdict.broken += [Broken("foreign mark", f"{talk.mark} saw {mark}") for mark in talk.foreign]
        verdict.acknowledged += len(talk.acked) or talk.written
        verdict.to_customers += sum(message["author"] != "customer" for message in messages)
    for handoff in record.handoffs.values():
        verdict.broken += _to_agent(handoff, record, seen)
        verdict.to_agents += sum(len(OF_CUSTOMER.findall(post)) for post in _posts(handoff, record, seen))
        verdict.broken += _one_owner(handoff, record, ledger)
    for conversation_id in record.conversations:
        verdict.broken += _silent_machine(conversation_id, record)
        verdict.broken += _whole(conversation_id, record)
    verdict.broken += [Broken("database", fault) for fault in record.faults]
    verdict.broken += [Broken("words in a log", mark) for mark in marks_in(seen.logs)]
    verdict.repetitions, repeated = _repetitions(ledger, record, seen)
    verdict.broken += repeated
    verdict.late = len(seen.late_lines)
    verdict.given_up = len(record.given_up)
    return verdict


def _conversation_of(talk: Talk, record: Record) -> str:
    chats = {row["chat_id"]: conversation_id for conversation_id, row in record.chats.items()}
    return chats.get(talk.chat, "")


def _numbers(messages: Sequence[Row], author: str, side: str) -> list[int]:
    said = (said_in(message["text"]) for message in messages if message["author"] == author)
    return [each.number for each in said if each is not None and each.side == side]


def _stored(talk: Talk, messages: Sequence[Row]) -> Iterator[Broken]:
    numbers = _numbers(messages, "customer", "c")
    counts = Counter(numbers)
    due = set(talk.acked) if talk.channel == "widget" else set(range(1, talk.written + 1))
    places = {said.number: m["seq"] for m in messages if (said := said_in(m["text"])) and said.side == "c"}
    for number in sorted(due - set(counts)):
        yield Broken("acknowledged and lost", f"{talk.mark} c{number}")
    for number, seq in talk.acked.items():
        if number in places and places[number] != seq:
            yield Broken("acknowledged under another number", f"{talk.mark} c{number}")
    for number, count in counts.items():
        if count > 1:
            yield Broken("stored twice", f"{talk.mark} c{number} {count} times")
    for before, after in _inversions(numbers):
        yield Broken("stored out of order", f"{talk.mark} c{after} after c{before}")


def _inversions(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each number that is lower than one before it, with the highest before it."""
    highest = 0
    for number in numbers:
        if number < highest:
            yield highest, number
        highest = max(highest, number)


def _from_agents(talk: Talk, messages: Sequence[Row], replies: Sequence[Reply], seen: Seen) -> Iterator[Broken]:
    numbers = _numbers(messages, "agent", "a")
    counts = Counter(numbers)
    for reply in replies:
        if counts[reply.number] == 0:
            yield Broken("lost on the way to the customer", f"{talk.mark} a{reply.number} of {reply.agent}")
    for number, count in counts.items():
        if count > 1:
            yield Broken("twice to the customer", f"{talk.mark} a{number} {count} times")
    late = {reply.number for reply in replies if reply.ts in seen.late_lines}
    for before, after in _inversions([number for number in numbers if number not in late]):
        yield Broken("out of order to the customer", f"{talk.mark} a{after} after a{before}")


def _on_widget(talk: Talk, messages: Sequence[Row]) -> Iterator[Broken]:
    there = {message["seq"]: message for message in messages if message["deleted_at"] is None}
    for seq in sorted(set(there) - set(talk.seen)):
        yield Broken("lost on the way to the customer", f"{talk.mark} seq {seq}")
    for seq in sorted(set(talk.seen) - {message["seq"] for message in messages}):
        yield Broken("acknowledged and lost", f"{talk.mark} seq {seq} was shown and is not stored")
    for seq in talk.seen_twice:
        yield Broken("twice to the customer", f"{talk.mark} seq {seq}")
    for before, after in talk.out_of_order:
        yield Broken("out of order to the customer", f"{talk.mark} seq {after} after {before}")
    for seq, frame in talk.seen.items():
        if seq in there and (frame["author"], said_in(frame["text"])) != (
            there[seq]["author"],
            said_in(there[seq]["text"]),
        ):
            yield Broken("acknowledged and lost", f"{talk.mark} seq {seq} was shown otherwise")


def _as_said(shown: str) -> str:
    """A chat's message without the name that stands above an agent's words."""
    return shown.partition("\n")[2] if shown.startswith("👤") else shown


def _told_on_telegram(messages: Sequence[Row]) -> list[str]:
    """The marked words that the bot had to say and said once, so that each is unlike all others."""
    told = [m["text"] for m in messages if m["author"] in ("assistant", "agent") and m["deleted_at"] is None]
    counts = Counter(told)
    return [each for each in told if marks_in(each) and counts[each] == 1]


def _on_telegram(talk: Talk, messages: Sequence[Row], record: Record, seen: Seen) -> Iterator[Broken]:
    shown, due = [_as_said(each) for each in seen.chats.get(talk.chat, [])], _told_on_telegram(messages)
    counts = Counter(shown)
    given_up = {m["text"] for m in messages if (talk.conversation_id, m["seq"]) in record.given_up}
    for words in due:
        if not counts[words] and words not in given_up:
            yield Broken("lost on the way to the customer", f"{talk.mark} on Telegram: {words[:20]!r}")
    places = {words: place for place, words in enumerate(due)}
    first = [places[words] for words in dict.fromkeys(shown) if words in places]
    for before, after in _inversions(first):
        yield Broken("out of order to the customer", f"{talk.mark} on Telegram: {after} after {before}")
    for words in shown:
        for mark in marks_in(words) - {talk.mark}:
            yield Broken("foreign mark", f"{talk.mark} was shown {mark} on Telegram")


def _repetitions(ledger: Ledger, record: Record, seen: Seen) -> tuple[int, list[Broken]]:
    """How often Telegram shows something again, and where that is more than the service knows of."""
    total, broken = 0, []
    for talk in ledger.talks.values():
        counts = Counter(map(_as_said, seen.chats.get(talk.chat, [])))
        again = {
            words: counts[words] - 1
            for words in _told_on_telegram(record.messages.get(talk.conversation_id, []))
            if counts[words] > 1
        }
        total += sum(again.values())
        known = int(record.chats.get(talk.conversation_id, {}).get("repeats", 0))
        if sum(again.values()) > known:
            broken.append(Broken("repeated without a lost answer", f"{talk.mark}: {again}, {known} known"))
        broken += [
            Broken("repeated without a lost answer", f"{talk.mark}: {words[:20]!r} {count + 1} times")
            for words, count in again.items()
            if count > known
        ]
    return total, broken


def _answers(talk: Talk, messages: Sequence[Row]) -> Iterator[Broken]:
    """No message of the customer is answered twice, as far as the stand-in's echo tells."""
    counts: Counter[str] = Counter()
    for message in messages:
        if message["author"] == "assistant" and message["text"].startswith(ECHO):
            counts.update(message["text"].removeprefix(ECHO).splitlines())
    for words, count in counts.items():
        if count > 1 and marks_in(words):
            yield Broken("answered twice", f"{talk.mark} {words[:6]!r}")


def _posts(handoff: Row, record: Record, seen: Seen) -> list[str]:
    thread = record.threads.get(handoff["id"])
    return seen.threads.get(thread["ts"] or "", []) if thread else []


def _to_agent(handoff: Row, record: Record, seen: Seen) -> Iterator[Broken]:
    messages = record.messages.get(handoff["conversation_id"], [])
    is_open = handoff["status"] in OPEN
    end = max((m["seq"] for m in messages if is_open or m["handoff_id"] == handoff["id"]), default=0)
    text = "\n".join(_posts(handoff, record, seen))
    if not is_open and not text:
        return  # ended before anybody could be shown it
    if seen.cards[handoff["id"]] != 1:
        promise = "twice to the agent" if seen.cards[handoff["id"]] else "lost on the way to the agent"
        yield Broken(promise, f"{seen.cards[handoff['id']]} cards of {handoff['code']}")
    from_console = [m for m in messages if ":slack:" not in (m["client_id"] or "")]
    sides = (("customer", "c", OF_CUSTOMER, messages), ("agent", "a", OF_AGENT, from_console))
    for author, side, pattern, spoken in sides:
        due = _numbers([m for m in spoken if m["seq"] <= end], author, side)
        shown = [int(number) for number, _ in pattern.findall(text)]
        for number in sorted(set(due) - set(shown)):
            yield Broken("lost on the way to the agent", f"{handoff['code']} {side}{number}")
        for number, count in Counter(shown).items():
            if count > 1:
                yield Broken("twice to the agent", f"{handoff['code']} {side}{number} {count} times")
        # In the transcript's order: what Slack brought late stands late in it, and so in the thread of a later case.
        seqs = {said.number: m["seq"] for m in messages if (said := said_in(m["text"])) and m["author"] == author}
        for before, after in _inversions([seqs[number] for number in shown if number in seqs]):
            yield Broken("out of order to the agent", f"{handoff['code']} {author}'s seq {after} after {before}")
    own = {mark for m in messages for mark in marks_in(m["text"])}
    for mark in marks_in(text) - own:
        yield Broken("foreign mark", f"{handoff['code']} shows {mark}")


def _one_owner(handoff: Row, record: Record, ledger: Ledger) -> Iterator[Broken]:
    """Between a claim and what ends it nobody else takes the case or speaks in it."""
    holder: str | None = None
    took: set[str] = set()
    for event in record.events.get(handoff["conversation_id"], []):
        if event["handoff_id"] != handoff["id"]:
            continue
        who = str(event["data"].get("agent") or "")
        if _takes(event):
            if holder is not None:
                yield Broken("two owners", f"{handoff['code']}: {holder} and {who}")
            holder = who
            took.add(who)
        elif event["kind"] in GAVE_BACK:
            holder = None
        elif event["kind"] == "agent_replied" and event["actor"] != f"agent:{holder}":
            yield Broken("two owners", f"{handoff['code']}: {event['actor']} spoke, {holder} holds it")
    for claim in ledger.claims:
        if claim.handoff_id == handoff["id"] and claim.agent not in took:
            yield Broken("two owners", f"{handoff['code']}: {claim.agent} was told that it is theirs")


def _takes(event: Row) -> bool:
    """Whether from this event on a person has the case."""
    return event["kind"] in TOOK and bool(event["data"].get("agent"))


def _silent_machine(conversation_id: str, record: Record) -> Iterator[Broken]:
    """From the commit by which a person has it until the one that gives it back, no machine speaks."""
    messages = record.messages.get(conversation_id, [])
    spans: list[tuple[int, int]] = []
    since: int | None = None
    for event in record.events.get(conversation_id, []):
        if not _takes(event) and event["kind"] not in GAVE_BACK:
            continue
        told = [m["seq"] for m in messages if m["author"] == "system" and m["sent_at"] == event["at"]]
        if _takes(event) and told:
            since = since or max(told)
        elif since is not None and told:
            spans.append((since, min(told)))
            since = None
    if since is not None:
        spans.append((since, messages[-1]["seq"] + 1))
    for message in messages:
        is_machines = message["author"] == "assistant" or (
            message["author"] == "system" and message["handoff_id"] is None
        )
        if is_machines and any(first < message["seq"] < last for first, last in spans):
            yield Broken("machine over person", f"{conversation_id[:6]} seq {message['seq']}")


def _whole(conversation_id: str, record: Record) -> Iterator[Broken]:
    """The transcript has no gap, and its owner is the one its open handoff says."""
    conversation, messages = record.conversations[conversation_id], record.messages.get(conversation_id, [])
    if [m["seq"] for m in messages] != list(range(1, conversation["last_seq"] + 1)):
        yield Broken("database", f"{conversation_id[:6]} has gaps in its transcript")
    mine = [h for h in record.handoffs.values() if h["conversation_id"] == conversation_id and h["status"] in OPEN]
    due = {"queued": "queue", "assigned": "agent"}[mine[0]["status"]] if mine else "assistant"
    if len(mine) > 1 or conversation["owner"] != due:
        yield Broken("two owners", f"{conversation_id[:6]} belongs to {conversation['owner']}, not {due}")
