"""Mood: abuse of a message, the pause of a conversation, and what agents thought of a handoff's timing"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("pause_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("abuse", sa.Float(), nullable=True))
    op.add_column("slack_threads", sa.Column("verdict", sa.String(length=12), nullable=True))
    op.add_column("handoffs", sa.Column("verdict", sa.String(length=12), nullable=True))
