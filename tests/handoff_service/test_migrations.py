"""The migrations are one line, and end in the tables that the queries know."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from handoff_service.channels.telegram.tables import telegram_chats  # noqa: F401 - adds its tables
from handoff_service.store.migrate import MIGRATIONS, upgrade
from handoff_service.store.tables import metadata


def test_there_is_one_newest_schema() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_they_make_every_table_with_every_column_that_the_queries_know(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    engine = sa.create_engine(url)
    made = sa.inspect(engine)
    for table in metadata.sorted_tables:
        assert {each["name"] for each in made.get_columns(table.name)} == set(table.c.keys()), table.name
    engine.dispose()
