"""When a widget's token was last used, and whether another took its place; a note's own id"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("widget_tokens", sa.Column("used_at", TIME, nullable=True))
    op.add_column("widget_tokens", sa.Column("replaced_at", TIME, nullable=True))
    op.create_index("ix_widget_tokens_conversation_id", "widget_tokens", ["conversation_id"])
    op.add_column("notes", sa.Column("client_id", sa.String(length=200), nullable=True))
    op.create_index("uq_notes_client_id", "notes", ["handoff_id", "agent", "client_id"], unique=True)
