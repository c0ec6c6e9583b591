"""Every setting of the service, read once from the environment or `.env`; nobody else reads the environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
MINIMUM_SECRET_LENGTH = 32
LARGEST_FILE_MEGABYTES = 10


class SettingsAreWrong(Exception):
    """A setting is missing or unusable; the message says which and what to do."""


class Settings(BaseSettings):
    """The settings of the contract, typed. Secrets are `SecretStr`, so that they can't be printed by accident."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    host: str = "127.0.0.1"
    port: int = 8000
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    relevo_secret: SecretStr = Field(default=SecretStr(""), description="shared by the three processes")
    data_dir: Path = Path("var")
    database_url: str = ""

    operator_name: str = "Alborada"
    widget_origins: str = ""
    widget_connections_per_address: int = Field(default=240, ge=0)
    widget_identity_secret: SecretStr = SecretStr("")
    upload_megabytes_per_hour: int = Field(default=100, ge=0, description="of one conversation's files; 0 = no limit")
    files_megabytes_kept: int = Field(default=10_240, ge=0, description="of all files together; 0 = no bound")
    files_url: str = Field(default="", description="base of files' addresses, for an origin of their own")
    demo_login: bool = Field(default=False, validation_alias="RELEVO_DEMO_LOGIN")
    agent_tokens: SecretStr = SecretStr("")
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org/bot"
    telegram_webhook_url: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    desk_file: Path | None = None
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_channel: str = ""
    slack_api_url: str = ""
    slack_grace_seconds: float = Field(default=15.0, ge=0, description="until a lost call can no longer land")
    slack_pace_seconds: float = Field(default=1.0, ge=0, description="between two posts in a channel")
    slack_reread_seconds: float = Field(default=45.0, gt=0, description="between two readings of an open thread")

    otel_exporter_otlp_endpoint: str = Field(default="", description="base of an OTLP/HTTP collector for traces")

    retention_conversations_days: int = Field(default=90, ge=0, description="after the last message; 0 = for ever")
    retention_files_days: int = Field(default=90, ge=0, description="after they came; 0 = as long as the conversation")
    retention_inbox_days: int = Field(default=7, ge=2, description="what platforms sent, once it was handled")

    @field_validator("relevo_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < MINIMUM_SECRET_LENGTH:
            raise ValueError(
                f"RELEVO_SECRET must have at least {MINIMUM_SECRET_LENGTH} characters; "
                "`make run` makes one, or set the output of `openssl rand -hex 32`"
            )
        return value

    @field_validator("agent_tokens")
    @classmethod
    def _pairs(cls, value: SecretStr) -> SecretStr:
        for pair in filter(None, value.get_secret_value().split(",")):
            name, separator, token = pair.strip().partition(":")
            if not separator or not name.strip() or not token.strip():
                raise ValueError(
                    "AGENT_TOKENS must be comma-separated name:token pairs, for example ana:3f9c…,luis:77ab…"
                )
        return value

    @field_validator("upload_megabytes_per_hour")
    @classmethod
    def _room_for_a_file(cls, value: int) -> int:
        if 0 < value < LARGEST_FILE_MEGABYTES:
            raise ValueError(
                f"UPLOAD_MEGABYTES_PER_HOUR must be 0 (no limit) or at least {LARGEST_FILE_MEGABYTES}, the largest file"
            )
        return value

    @field_validator("files_url")
    @classmethod
    def _base_of_files(cls, value: str) -> str:
        address = urlsplit(value)
        bare = not (address.query or address.fragment or address.username or set(value) & set(" ;,'\""))
        if value and not (address.scheme in ("https", "http") and address.hostname and bare):
            raise ValueError("FILES_URL must be a base address like https://files.example.com")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _slack_is_whole(self) -> Self:
        if not self.slack_bot_token.get_secret_value():
            return self
        if not self.slack_channel:
            raise ValueError("SLACK_CHANNEL is needed with SLACK_BOT_TOKEN: the ID of the queue's channel, like C0123…")
        if not (self.slack_app_token.get_secret_value() or self.slack_signing_secret.get_secret_value()):
            raise ValueError(
                "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is needed with SLACK_BOT_TOKEN, "
                "else the desk could speak but not hear; docs/guide-slack.md says where to get them"
            )
        return self

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL of the record; a SQLite file under `data_dir` unless DATABASE_URL says otherwise."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'relevo.db').resolve()}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+psycopg://" + self.database_url.removeprefix(plain)
        return self.database_url

    @property
    def single_process(self) -> bool:
        """Whether this is the only service on its database (SQLite carries one)."""
        return self.database.startswith("sqlite")

    @property
    def slack_is_on(self) -> bool:
        """Whether agents work in Slack."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def telegram_is_on(self) -> bool:
        """Whether customers can write on Telegram."""
        return bool(self.telegram_bot_token.get_secret_value())

    @cached_property
    def allowed_origins(self) -> frozenset[str]:
        """The foreign origins that may embed the widget, without trailing slashes."""
        return frozenset(o.strip().rstrip("/") for o in self.widget_origins.split(",") if o.strip())

    def tokens_by_agent(self) -> dict[str, str]:
        """Agents' names with their tokens, as set in AGENT_TOKENS."""
        pairs = (
            pair.strip().partition(":") for pair in self.agent_tokens.get_secret_value().split(",") if pair.strip()
        )
        return {name.strip(): token.strip() for name, _, token in pairs}


def load_settings() -> Settings:
    """The settings of this process; raises `SettingsAreWrong` with a line per wrong setting, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [": ".join(filter(None, (".".join(map(str, e["loc"])).upper(), e["msg"]))) for e in error.errors()]
        raise SettingsAreWrong("\n".join(lines)) from None
