"""Every setting a person may give, as `make doctor` explains them; `.env.example` lists the same ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """`without` is what happens when it is not set."""

    name: str
    without: str


CHANNEL_IS_OFF = "off; not part of this version yet"

SETTINGS = (
    Setting("HOST", "127.0.0.1: only this machine reaches the service"),
    Setting("PORT", "8000, the handoff service"),
    Setting("RASA_PORT", "5005, the assistant"),
    Setting("ACTIONS_PORT", "5055, the action server"),
    Setting("DATA_DIR", "var/"),
    Setting("DATABASE_URL", "SQLite, a file in DATA_DIR"),
    Setting("OPERATOR_NAME", "the demo operator"),
    Setting("WIDGET_ORIGINS", "only the service's own pages may embed the widget"),
    Setting("WIDGET_CONNECTIONS_PER_ADDRESS", "a sensible limit"),
    Setting("WIDGET_IDENTITY_SECRET", "made, kept in DATA_DIR; the demo site offers to log in as a demo customer"),
    Setting("AGENT_TOKENS", "one agent's token is made, kept in DATA_DIR and shown by `make run`"),
    Setting("RELEVO_SECRET", "made, kept in DATA_DIR"),
    Setting("BACKEND_URL", "the embedded demo backend"),
    Setting("BACKEND_TOKEN", "the embedded demo backend"),
    Setting("DESK_FILE", "one team, always open"),
    Setting("TELEGRAM_BOT_TOKEN", CHANNEL_IS_OFF),
    Setting("TELEGRAM_WEBHOOK_URL", CHANNEL_IS_OFF),
    Setting("TELEGRAM_WEBHOOK_SECRET", CHANNEL_IS_OFF),
    Setting("TELEGRAM_API_URL", CHANNEL_IS_OFF),
    Setting("SLACK_BOT_TOKEN", CHANNEL_IS_OFF),
    Setting("SLACK_APP_TOKEN", CHANNEL_IS_OFF),
    Setting("SLACK_SIGNING_SECRET", CHANNEL_IS_OFF),
    Setting("SLACK_CHANNEL", CHANNEL_IS_OFF),
    Setting("SLACK_API_URL", CHANNEL_IS_OFF),
)
