"""The desk: order, promises and next actions of handoffs, agents' availability, the survey"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("rank_at", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("about", sa.String(length=60), nullable=True),
        sa.Column("expected_wait", sa.Float(), nullable=True),
        sa.Column("promised_low", sa.Integer(), nullable=True),
        sa.Column("promised_high", sa.Integer(), nullable=True),
        sa.Column("notice_seq", sa.Integer(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("preferred_agent", sa.String(length=100), nullable=True),
        sa.Column("preferred_until", TIME, nullable=True),
    ):
        op.add_column("handoffs", column)
    op.execute("UPDATE handoffs SET rank_at = waiting_since, due_at = waiting_since")
    op.create_index("ix_handoffs_status_rank_at", "handoffs", ["status", "rank_at"])
    op.create_index("ix_handoffs_status_due_at", "handoffs", ["status", "due_at"])
    op.create_index("ix_handoffs_team_claimed_at", "handoffs", ["team", "claimed_at"])
    op.create_index("ix_events_kind_at", "events", ["kind", "at"])
    op.create_table(
        "desk_agents",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("availability", sa.String(length=10), nullable=True),
        sa.Column("said_at", TIME, nullable=True),
        sa.Column("active_at", TIME, nullable=False),
        sa.Column("given_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_desk_agents")),
    )
    op.create_table(
        "surveys",
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("comment_until", TIME, nullable=True),
        sa.Column("comment_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_surveys_handoff_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_surveys_conversation_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_conversation_id", "surveys", ["conversation_id"])
