"""How Alembic reaches the database: the URL is handed over by `migrate`, never read from a file."""

from alembic import context
from sqlalchemy import create_engine

from handoff_service.store.tables import metadata

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
