"""From a fresh clone to a running product, and back to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from launcher import claims, environments, keys, parts, settings
from launcher.addresses import Announcer
from launcher.children import PRIVATE, run_step
from launcher.output import OWN_NAME
from launcher.project import Stopped
from launcher.settings import Settings
from launcher.signals import Signals
from launcher.supervisor import Supervisor
from launcher.training import train_if_needed

NOT_MIGRATED = "The database could not be brought up to date; the reason stands above (DATABASE_URL names another one)."


def run(_: Sequence[str], signals: Signals) -> int:
    """`make run`: until somebody wants it to end; that is success."""
    chosen = settings.load()
    try:
        with claims.data_dir(chosen.data_dir):
            claims.require_free_ports(chosen.listeners, signals)
            environments.install([environments.RASA, environments.SERVICES], signals)
            _run_parts(chosen, signals)
    except Stopped:
        print("Ended before everything was started.", flush=True)
    return 0


def _run_parts(chosen: Settings, signals: Signals) -> None:
    environment = parts.shared_environment(chosen, keys.complete(chosen.environment, chosen.data_dir))
    train_if_needed(parts.assistant_environment(environment), signals)
    supervisor = Supervisor(chosen.data_dir / "logs", signals)
    announcer = Announcer(
        chosen.service_url,
        keys.first_token(environment["AGENT_TOKENS"]) if not chosen.environment.get("AGENT_TOKENS") else "",
        lambda text: supervisor.terminal.line(OWN_NAME, text),
    )
    try:
        supervisor.say("starting the assistant, the action server and the handoff service …")
        supervisor.start(parts.assistant(chosen, environment))  # first: it takes the longest
        supervisor.start(parts.actions(chosen, environment))
        migrate = (environments.SERVICES.python, "-m", "handoff_service", "migrate")
        run_step(migrate, parts.service(chosen, environment).environment, signals, NOT_MIGRATED, PRIVATE)
        supervisor.start(parts.service(chosen, environment))
        announcer.start()
        supervisor.watch()
    finally:
        announcer.let_go()
        supervisor.end()
