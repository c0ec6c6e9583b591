"""What an agent's look at a case and each change of it read no longer grows with the conversation or the record"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The last message of a handoff: without it, all messages there are were read for one thread in Slack.
    of_a_handoff = sa.text("handoff_id IS NOT NULL")
    op.create_index(
        "ix_messages_handoff_id_seq",
        "messages",
        ["handoff_id", "seq"],
        sqlite_where=of_a_handoff,
        postgresql_where=of_a_handoff,
    )
    # The latest messages that the assistant read; while a person has the conversation it reads none.
    read = sa.text("frustration IS NOT NULL OR abuse IS NOT NULL")
    op.create_index(
        "ix_messages_mood", "messages", ["conversation_id", "seq"], sqlite_where=read, postgresql_where=read
    )
    op.create_index("ix_notes_conversation_id_after_seq", "notes", ["conversation_id", "after_seq"])
    op.create_index("ix_events_conversation_id_at", "events", ["conversation_id", "at"])
    op.drop_index("ix_events_conversation_id", "events")
