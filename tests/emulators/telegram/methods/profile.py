"""The bot's own card: getMe, its commands and descriptions."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.model import Json
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World


@method("getMe")
def get_me(world: World, parameters: Parameters) -> Json:
    return world.bot.as_me()


@method("logOut", "close")
def close(world: World, parameters: Parameters) -> bool:
    return True


@method("setMyCommands")
def set_my_commands(world: World, parameters: Parameters) -> bool:
    commands = parameters.json("commands", "can't parse commands JSON object") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.bot.commands[_scope(parameters)] = [_checked(command) for command in commands]
    world.changes.tell()
    return True


@method("getMyCommands")
def get_my_commands(world: World, parameters: Parameters) -> list[Json]:
    return world.bot.commands.get(_scope(parameters), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, parameters: Parameters) -> bool:
    world.bot.commands.pop(_scope(parameters), None)
    return True


@method("setMyDescription")
def set_my_description(world: World, parameters: Parameters) -> bool:
    return _describe(world.bot.descriptions, parameters, "description", 512)


@method("getMyDescription")
def get_my_description(world: World, parameters: Parameters) -> Json:
    return {"description": _described(world.bot.descriptions, parameters)}


@method("setMyShortDescription")
def set_my_short_description(world: World, parameters: Parameters) -> bool:
    return _describe(world.bot.short_descriptions, parameters, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(world: World, parameters: Parameters) -> Json:
    return {"short_description": _described(world.bot.short_descriptions, parameters)}


def _describe(texts: dict[str, str], parameters: Parameters, name: str, longest: int) -> bool:
    if len(parameters.text(name)) > longest:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts[parameters.text("language_code")] = parameters.text(name)
    return True


def _described(texts: dict[str, str], parameters: Parameters) -> str:
    return texts.get(parameters.text("language_code")) or texts.get("", "")


def _scope(parameters: Parameters) -> str:
    scope = parameters.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    return f"{json.dumps(scope, sort_keys=True)} {parameters.text('language_code')}"


def _checked(command: Any) -> Json:
    if not isinstance(command, dict) or not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command", ""))):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command.get("description", ""))
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": str(command["command"]).removeprefix("/"), "description": description}
