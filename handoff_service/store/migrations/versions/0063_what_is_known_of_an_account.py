"""A customer's plans and debt, as last looked up for whoever takes the case"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("account", sa.JSON(), nullable=True))
    op.add_column("customers", sa.Column("account_at", sa.DateTime(timezone=True), nullable=True))
