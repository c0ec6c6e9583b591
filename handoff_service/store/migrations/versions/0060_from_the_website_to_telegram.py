"""One-time links by which a conversation goes on on another channel; a chat may have more than one conversation"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0051"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "channel_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_links_conversation_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_channel_links")),
    )
    op.create_index("ix_channel_links_conversation_id", "channel_links", ["conversation_id"])
    with op.batch_alter_table("telegram_chats") as chats:
        chats.drop_constraint("uq_telegram_chats_chat_id", type_="unique")
        chats.add_column(sa.Column("joined_at", TIME, nullable=True))
    op.execute("UPDATE telegram_chats SET joined_at = due_at")
    with op.batch_alter_table("telegram_chats") as chats:
        chats.alter_column("joined_at", existing_type=TIME, nullable=False)
    op.create_index("ix_telegram_chats_chat_id_joined_at", "telegram_chats", ["chat_id", "joined_at"])
