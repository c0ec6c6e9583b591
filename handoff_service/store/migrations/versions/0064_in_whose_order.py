"""Whose updates are handled one after the other, whichever replica takes them from the inbox"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("sender", sa.String(40), nullable=True))
