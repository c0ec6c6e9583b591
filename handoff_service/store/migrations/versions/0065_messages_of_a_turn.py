"""The messages of a turn are found without looking at all others, whose number grows with the age of the record"""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_turn_id", "messages", ["turn_id"])
