"""The messages of a turn, and those that wait for one, are found without looking at all others"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Only those that are in one: a search for those that are in none yet must not be led to half of the table by it.
    of_a_turn = sa.text("turn_id IS NOT NULL")
    op.create_index("ix_messages_turn_id", "messages", ["turn_id"], sqlite_where=of_a_turn, postgresql_where=of_a_turn)
    # With their order in the index, SQLite takes it; without, it read the whole conversation.
    op.create_index(
        "ix_messages_awaits_assistant_conversation_id_seq", "messages", ["awaits_assistant", "conversation_id", "seq"]
    )
    op.drop_index("ix_messages_awaits_assistant", "messages")
