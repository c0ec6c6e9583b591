"""What customers asked to be done with their data"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_orders",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("customer_id", sa.String(length=200), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_data_orders_conversation_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_data_orders")),
    )
    op.create_index("ix_data_orders_conversation_id", "data_orders", ["conversation_id"])
    op.create_index("ix_data_orders_due_at", "data_orders", ["due_at"])
