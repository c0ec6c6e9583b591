"""Where a case's card stood before it moved, so that what is done in the old thread still counts"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_places",
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_slack_places_handoff_id")),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_slack_places")),
    )
    op.create_index("ix_slack_places_handoff_id", "slack_places", ["handoff_id"])
