"""Every setting a person may give, as `make doctor` explains them; `.env.example` lists the same ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """`without` is what happens when it is not set, or how to come by it."""

    name: str
    without: str


SETTINGS = (
    Setting("HOST", "127.0.0.1: only this machine reaches the service"),
    Setting("PORT", "8000, the handoff service"),
    Setting("FORWARDED_ALLOW_IPS", "127.0.0.1: who calls is believed from a proxy on this machine alone"),
    Setting("RASA_PORT", "5005, the assistant"),
    Setting("ACTIONS_PORT", "5055, the action server"),
    Setting("DATA_DIR", "var/"),
    Setting("DATABASE_URL", "SQLite, a file in DATA_DIR"),
    Setting("OPERATOR_NAME", "the demo operator"),
    Setting("OPERATOR_TIMEZONE", "Europe/Madrid"),
    Setting("COMPLAINT_DAYS", "the demo operator's"),
    Setting("COMPLAINT_DAYS_UNDUE_CHARGE", "the demo operator's"),
    Setting("WIDGET_ORIGINS", "only the service's own pages may embed the widget"),
    Setting("WIDGET_CONNECTIONS_PER_ADDRESS", "a sensible limit"),
    Setting("UPLOAD_MEGABYTES_PER_HOUR", "100, of one conversation's files"),
    Setting("FILES_MEGABYTES_KEPT", "10240, of all files together"),
    Setting("FILES_URL", "files have the service's own address"),
    Setting("WIDGET_IDENTITY_SECRET", "made, kept in DATA_DIR; the demo site offers to log in as a demo customer"),
    Setting("AGENT_TOKENS", "one agent's token is made, kept in DATA_DIR and shown by `make run`"),
    Setting("DESK_FILE", "one team, always open"),
    Setting("RELEVO_SECRET", "made, kept in DATA_DIR"),
    Setting("BACKEND_URL", "the embedded demo backend; docs/guide-billing-system.md says what stands behind one"),
    Setting("BACKEND_TOKEN", "needed with BACKEND_URL only: the bearer token that the billing system asks for"),
    Setting("TELEGRAM_BOT_TOKEN", "Telegram is off; /newbot to @BotFather in Telegram gives a token"),
    Setting("TELEGRAM_WEBHOOK_URL", "long polling, once Telegram is on"),
    Setting("TELEGRAM_WEBHOOK_SECRET", "needed with a webhook only; `openssl rand -hex 32` makes one"),
    Setting("TELEGRAM_API_URL", "Telegram's own"),
    Setting("SLACK_BOT_TOKEN", "Slack is off, the console serves the agents; xoxb-…, from the app's installation"),
    Setting("SLACK_APP_TOKEN", "xapp-… with connections:write, from the app's basic information"),
    Setting("SLACK_SIGNING_SECRET", "Socket Mode, once Slack is on; from the app's basic information"),
    Setting("SLACK_CHANNEL", "needed with Slack only; the channel's ID stands at the end of its details"),
    Setting("SLACK_API_URL", "Slack's own"),
    Setting("SLACK_GRACE_SECONDS", "15"),
    Setting("SLACK_PACE_SECONDS", "1"),
    Setting("SLACK_REREAD_SECONDS", "45"),
    Setting("OTEL_EXPORTER_OTLP_ENDPOINT", "no traces; requirements/tracing.txt is needed with it"),
    Setting("RETENTION_CONVERSATIONS_DAYS", "90"),
    Setting("RETENTION_FILES_DAYS", "90"),
    Setting("RETENTION_INBOX_DAYS", "7"),
)
