"""The record's tables. Migrations make them; this module describes them to the queries."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

RowId = BigInteger().with_variant(Integer, "sqlite")


class Time(TypeDecorator[datetime]):
    """An aware UTC time; SQLite has no time zones, so there it is stored naive and read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IS_OPEN = text("status IN ('queued', 'assigned')")  # a handoff; in the words of its index, so that this serves


def _at_most_one(name: str, column: str, condition: str) -> Index:
    """Lets the database itself refuse a second row of this kind."""
    where = text(condition)
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


def _some(name: str, *columns: str, condition: str) -> Index:
    """Of the rows that meet the condition only."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


customers = Table(
    "customers",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("name", String(200)),
    Column("account", JSON),  # {"plan", "debt"} in words by language, as last looked up
    Column("account_at", Time),
    Column("created_at", Time, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(250)),  # where the channel finds the customer; null while anonymous
    Column("customer_id", ForeignKey("customers.id")),
    Column("language", String(2), nullable=False),
    Column("owner", String(10), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("assistant_while_waiting", Boolean, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),  # rises with each correction or deletion
    Column("failed_turns", Integer, nullable=False),  # in a row
    Column("paused_until", Time),  # the assistant takes nothing from this customer until then, because of abuse
    Column("pause_told_at", Time),
    Column("created_at", Time, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("ix_conversations_customer_id", "customer_id"),
)

verifications = Table(
    "verifications",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("method", String(20), nullable=False),
    Column("verified_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
)

widget_tokens = Table(
    "widget_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("created_at", Time, nullable=False),
    Column("used_at", Time),  # to the hour; null while it was used only when it was made
    Column("replaced_at", Time),  # when its customer logged in and got another: now it needs that login
    Index("ix_widget_tokens_conversation_id", "conversation_id"),
)

channel_links = Table(
    "channel_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_channel_links_conversation_id", "conversation_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("customer_id", ForeignKey("customers.id")),
    Column("code", String(12), nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("signals", JSON, nullable=False),
    Column("priority", String(10), nullable=False),
    Column("urgency", Integer, nullable=False),  # priority as a number, to order by
    Column("team", String(50), nullable=False),
    Column("language", String(2), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("agent", String(100)),
    Column("desk", String(20)),
    Column("opened_at", Time, nullable=False),
    Column("waiting_since", Time, nullable=False),
    Column("receipt_at", Time),
    Column("claimed_at", Time),
    Column("resolved_at", Time),
    Column("outcome", String(20)),
    Column("topic", String(60)),
    Column("verdict", String(12)),  # what an agent thinks of its timing
    Column("rank_at", Time),  # since when it counts as waiting: the earliest is the next
    Column("due_at", Time),  # when it needs something by itself
    Column("about", String(60)),  # the intent of what the customer came for
    Column("expected_wait", Float),  # seconds, when the customer was first told; null out of hours
    Column("promised_low", Integer),
    Column("promised_high", Integer),
    Column("notice_seq", Integer),  # the message that tells the place, edited when the figures change
    Column("told", JSON),  # the figures it tells
    Column("told_at", Time),
    Column("preferred_agent", String(100)),  # who knows the matter, and has a head start
    Column("preferred_until", Time),
    Index("ix_handoffs_conversation_id", "conversation_id"),
    _at_most_one("uq_handoffs_open", "conversation_id", str(IS_OPEN)),
    Index("ix_handoffs_customer_id", "customer_id"),
    Index("ix_handoffs_status_team_urgency_waiting_since", "status", "team", "urgency", "waiting_since"),
    Index("ix_handoffs_status_rank_at", "status", "rank_at"),
    Index("ix_handoffs_status_due_at", "status", "due_at"),
    Index("ix_handoffs_team_claimed_at", "team", "claimed_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("status", String(10), nullable=False),  # running, answered, failed, stale
    Column("text", Text, nullable=False),
    Column("payload", Text),
    Column("started_at", Time, nullable=False),
    Column("deadline_at", Time, nullable=False),
    Column("lease_until", Time, nullable=False),
    Column("ended_at", Time),
    _at_most_one("uq_turns_running", "conversation_id", "status = 'running'"),
    Index("ix_turns_status_lease_until", "status", "lease_until"),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("author", String(10), nullable=False),
    Column("name", String(100)),
    Column("text", Text, nullable=False),
    Column("payload", Text),
    Column("buttons", JSON),
    Column("attachments", JSON),  # [{"id", "name", "mime"}] of `files`
    Column("client_id", String(200)),  # the sender's own id, by which a repeat is recognised
    Column("handoff_id", ForeignKey("handoffs.id")),
    Column("awaits_assistant", Boolean, nullable=False),
    Column("turn_id", ForeignKey("turns.id")),
    Column("intent", String(60)),
    Column("confidence", Float),
    Column("frustration", Float),
    Column("abuse", Float),
    Column("sent_at", Time, nullable=False),
    Column("edited_at", Time),
    Column("deleted_at", Time),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("conversation_id", "author", "client_id"),
    Index("ix_messages_awaits_assistant_conversation_id_seq", "awaits_assistant", "conversation_id", "seq"),
    _some("ix_messages_turn_id", "turn_id", condition="turn_id IS NOT NULL"),
    Index("ix_messages_conversation_id_revision", "conversation_id", "revision"),
    _some("ix_messages_handoff_id_seq", "handoff_id", "seq", condition="handoff_id IS NOT NULL"),
    _some("ix_messages_mood", "conversation_id", "seq", condition="frustration IS NOT NULL OR abuse IS NOT NULL"),
)

files = Table(
    "files",
    metadata,
    Column("id", String(60), primary_key=True),  # unguessable: whoever knows it may read the file
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Time, nullable=False),
    Index("ix_files_conversation_id", "conversation_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("source", String(20), nullable=False),  # telegram, slack
    Column("external_id", String(200), nullable=False),  # the platform's own id, by which a repeat is recognised
    Column("sender", String(40)),  # whose updates are handled one after the other; none keep no order
    Column("payload", JSON, nullable=False),
    Column("received_at", Time, nullable=False),
    Column("handled_at", Time),
    Column("tries", Integer, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("error", String(200)),  # the kind of the last failure, never its words
    UniqueConstraint("source", "external_id"),
    Index("ix_inbox_source_handled_at_due_at", "source", "handled_at", "due_at"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("agent", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("after_seq", Integer, nullable=False),  # the last message when it was written
    Column("client_id", String(200)),  # the writer's own id, by which a repeat is recognised
    Column("sent_at", Time, nullable=False),
    Index("uq_notes_client_id", "handoff_id", "agent", "client_id", unique=True),
    Index("ix_notes_conversation_id", "conversation_id"),
    Index("ix_notes_conversation_id_after_seq", "conversation_id", "after_seq"),
)

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id")),
    Column("kind", String(40), nullable=False),
    Column("actor", String(110), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("at", Time, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_events_conversation_id_at", "conversation_id", "at"),
    Index("ix_events_at", "at"),
    Index("ix_events_kind_at", "kind", "at"),
)

desk_agents = Table(
    "desk_agents",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("desk", String(20), nullable=False),  # where they were last seen
    Column("availability", String(10)),  # available, away; null while they said nothing
    Column("said_at", Time),
    Column("active_at", Time, nullable=False),
    Column("given_at", Time),  # when they last took or got a conversation
)

surveys = Table(
    "surveys",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("asked_at", Time, nullable=False),
    Column("score", Integer),  # 1 to 5; null while unanswered, and for good when skipped
    Column("answered_at", Time),
    Column("comment_until", Time),  # what the customer writes until then is their comment
    Column("comment_seq", Integer),  # the message that is their comment
    Index("ix_surveys_conversation_id", "conversation_id"),
)

promises = Table(
    "promises",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("agent", String(100), nullable=False),
    Column("text", Text, nullable=False),  # as the customer was told
    Column("due_on", Date),  # the last day for it, by the team's clock
    Column("made_at", Time, nullable=False),
    Column("remind_at", Time),  # null once the agent was reminded, or needn't be
    Column("kept_at", Time),
    Index("ix_promises_conversation_id", "conversation_id"),
    Index("ix_promises_remind_at", "remind_at"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # the customer's message up to which it was understood
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("asked_at", Time, nullable=False),
    Column("intent", String(60)),
    Column("confidence", Float),
    Column("is_routine", Boolean),  # null until the assistant has told
    Column("text", Text),  # what it would say, where that is certain
    Index("ix_suggestions_handoff_id_seq", "handoff_id", "seq"),
)

slack_threads = Table(
    "slack_threads",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("channel", String(30), nullable=False),
    Column("ts", String(30)),  # Slack's stamp of the card; null until it stands there
    Column("card_digest", String(64)),  # of the card as Slack shows it
    Column("posted_seq", Integer, nullable=False),  # the thread's place in the transcript
    Column("posted_revision", Integer, nullable=False),
    Column("posted_note_id", BigInteger, nullable=False),
    Column("files_seq", Integer, nullable=False),  # the same for the files that came with messages
    Column("sending", JSON),  # what is on its way now, under an id of ours; null when every outcome is known
    Column("sending_at", Time),
    Column("read_ts", String(30)),  # up to here the thread's history was read
    Column("tries", Integer, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("closed", Boolean, nullable=False),  # the handoff has ended and the thread says so
    Column("verdict", String(12)),  # on the card when the thread was closed
    Index("ix_slack_threads_channel_ts", "channel", "ts"),
    Index("ix_slack_threads_closed", "closed"),
)

slack_places = Table(
    "slack_places",
    metadata,
    Column("channel", String(30), primary_key=True),
    Column("ts", String(30), primary_key=True),  # of a card that stood there before
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Index("ix_slack_places_handoff_id", "handoff_id"),
)

slack_messages = Table(
    "slack_messages",
    metadata,
    Column("channel", String(30), primary_key=True),
    Column("ts", String(30), primary_key=True),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("user_id", String(30), nullable=False),
    Column("kind", String(20), nullable=False),  # relayed, note, held, discarded, refused, deleted
    Column("seq", Integer),
    Column("note_id", BigInteger),
    Column("edited_ts", String(30)),  # of the newest edit that was taken over
    Column("held", JSON),  # what waits for its writer's press
    Column("mark", String(40)),  # what the writer has yet to be shown
    Index("ix_slack_messages_handoff_id", "handoff_id"),
    Index("ix_slack_messages_mark", "mark"),
)

slack_agents = Table(
    "slack_agents",
    metadata,
    Column("user_id", String(30), primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
)

data_orders = Table(
    "data_orders",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("kind", String(10), nullable=False),  # export, erase
    Column("status", String(10), nullable=False),  # pending, done, held, failed
    Column("conversation_id", ForeignKey("conversations.id")),  # where it was asked; null once that is erased
    Column("customer_id", String(200)),  # null once they are erased
    Column("asked_at", Time, nullable=False),
    Column("due_at", Time),  # when it is taken up, again where it failed; null once it has ended
    Column("tries", Integer, nullable=False),
    Column("ended_at", Time),
    Column("receipt", JSON),  # what went, and what must be done by hand: counts and places, no words
    Index("ix_data_orders_conversation_id", "conversation_id"),
    Index("ix_data_orders_due_at", "due_at"),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),  # of an agent's token, which opens nothing any more
    Column("name", String(100), nullable=False),
    Column("revoked_at", Time, nullable=False),
    Column("revoked_by", String(100), nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(50), primary_key=True),  # a job that one process at a time may do
    Column("holder", String(50), nullable=False),
    Column("until", Time, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("at", Time, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("role", String(20), nullable=False),  # agent, supervisor, operator
    Column("desk", String(20), nullable=False),
    Column("action", String(20), nullable=False),
    Column("target", String(220), nullable=False),  # an id, of a customer its digest, or what was exported
    Column("previous", String(64), nullable=False, unique=True),  # the digest of the row before
    Column("digest", String(64), nullable=False),
    Index("ix_audit_target", "target"),
)
