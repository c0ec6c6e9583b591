"""The three processes of the product and what each is told."""

from __future__ import annotations

from collections.abc import Mapping

from launcher.environments import CHOICES_OF_ANOTHER_PYTHON, RASA, SERVICES
from launcher.part import Health, Part
from launcher.settings import LOCAL, Settings

# Least knowledge: Rasa and its old libraries see no key to a channel, a desk or a customer's login.
OF_THE_SERVICE = (
    "AGENT_TOKENS",
    "SLACK_APP_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "WIDGET_IDENTITY_SECRET",
)
OF_THE_ACTIONS = ("BACKEND_TOKEN",)


def shared_environment(settings: Settings, secrets: Mapping[str, str]) -> dict[str, str]:
    """What a part is started with: the person's settings, the made secrets, and what only the launcher knows."""
    return {
        **_without(secrets, CHOICES_OF_ANOTHER_PYTHON),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "RASA_PORT": str(settings.rasa_port),
        "ACTIONS_PORT": str(settings.actions_port),
        "RASA_URL": settings.rasa_url,
        "ACTIONS_URL": settings.actions_url,
        "RASA_INTERFACE": LOCAL,
        "ACTIONS_HOST": LOCAL,
        "DATA_DIR": str(settings.data_dir),
        # Only where the key to customers' logins is the made one, so that nobody's real customers can be impersonated.
        "RELEVO_DEMO_LOGIN": str(not settings.environment.get("WIDGET_IDENTITY_SECRET")).lower(),
        "PYTHONUNBUFFERED": "1",
    }


def assistant_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """For what runs inside Rasa, training included."""
    return _without(environment, (*OF_THE_SERVICE, *OF_THE_ACTIONS))


def assistant(settings: Settings, environment: Mapping[str, str]) -> Part:
    """Rasa with the door in it."""
    return Part(
        name="assistant",
        command=(RASA.python, "-m", "bot.run"),
        environment=assistant_environment(environment),
        health=Health(f"{settings.rasa_url}/webhooks/relevo/health", environment["RELEVO_SECRET"]),
    )


def actions(settings: Settings, environment: Mapping[str, str]) -> Part:
    """The action server."""
    return Part(
        name="actions",
        command=(RASA.python, "-m", "actions"),
        environment=_without(environment, OF_THE_SERVICE),
        health=Health(f"{settings.actions_url}/alive", environment["RELEVO_SECRET"]),
    )


def service(settings: Settings, environment: Mapping[str, str]) -> Part:
    """The handoff service."""
    return Part(
        name="service",
        command=(SERVICES.python, "-m", "handoff_service"),
        environment=_without(environment, OF_THE_ACTIONS),
        health=Health(f"{settings.service_url}/healthz"),
        ends_first=True,
    )


def _without(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}
