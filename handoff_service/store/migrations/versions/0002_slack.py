"""The Slack desk's places, its messages and its agents' names; leases for jobs of one process"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_threads",
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=True),
        sa.Column("card_digest", sa.String(length=64), nullable=True),
        sa.Column("posted_seq", sa.Integer(), nullable=False),
        sa.Column("posted_revision", sa.Integer(), nullable=False),
        sa.Column("posted_note_id", sa.BigInteger(), nullable=False),
        sa.Column("files_seq", sa.Integer(), nullable=False),
        sa.Column("sending", sa.JSON(), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_ts", sa.String(length=30), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_slack_threads_handoff_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_slack_threads_conversation_id")
        ),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_slack_threads")),
    )
    op.create_index("ix_slack_threads_channel_ts", "slack_threads", ["channel", "ts"], unique=False)
    op.create_index("ix_slack_threads_closed", "slack_threads", ["closed"], unique=False)

    op.create_table(
        "slack_messages",
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_ts", sa.String(length=30), nullable=True),
        sa.Column("held", sa.JSON(), nullable=True),
        sa.Column("mark", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_slack_messages_handoff_id")),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_slack_messages")),
    )
    op.create_index("ix_slack_messages_handoff_id", "slack_messages", ["handoff_id"], unique=False)
    op.create_index("ix_slack_messages_mark", "slack_messages", ["mark"], unique=False)

    op.create_table(
        "slack_agents",
        sa.Column("user_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_slack_agents")),
        sa.UniqueConstraint("name", name=op.f("uq_slack_agents_name")),
    )

    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("holder", sa.String(length=50), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
