"""Facts as JSON and back, by the types of their fields: strictly, so that half an answer is no answer.

A date is ISO text, a time RFC 3339 text with its offset, money text with two decimals ("12.90"), an enum its value.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

MONEY = re.compile(r"-?\d{1,9}\.\d{2}", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Fact = TypeVar("Fact")


class MalformedFactError(ValueError):
    """It is not what was agreed; the text says where, never what was there."""


def encoded(value: Any) -> Any:
    """A fact, or a tuple of facts, as what JSON can hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encoded(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [encoded(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def decoded(kind: type[Fact], value: Any, where: str = "answer") -> Fact:
    """The fact of this type; MalformedFactError when the value is not one. Unknown names are passed over."""
    result: Fact = _decoded(kind, value, where)
    return result


def _decoded(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (option for option in get_args(kind) if option is not type(None))
        return None if value is None else _decoded(inner, value, where)
    if origin is tuple:
        _must(isinstance(value, list), where)
        return tuple(_decoded(get_args(kind)[0], entry, f"{where}[{index}]") for index, entry in enumerate(value))
    if dataclasses.is_dataclass(kind):
        return _fact(kind, value, where)
    if issubclass(kind, Enum):
        _must(isinstance(value, str) and value in {option.value for option in kind}, where)
        return kind(value)
    return _plain(kind, value, where)


def _fact(kind: Any, value: Any, where: str) -> Any:
    _must(isinstance(value, Mapping), where)
    hints = hints_of(kind)
    given = {}
    for field in dataclasses.fields(kind):
        if field.name in value or field.default is dataclasses.MISSING:
            given[field.name] = _decoded(hints[field.name], value.get(field.name), f"{where}.{field.name}")
    return kind(**given)


def _plain(kind: Any, value: Any, where: str) -> Any:
    if kind is bool or kind is int:
        _must(type(value) is kind, where)
        return value
    _must(isinstance(value, str), where)
    if kind is str:
        return value
    if kind is Decimal:
        _must(MONEY.fullmatch(value) is not None, where)
        return Decimal(value)
    if kind is datetime:
        moment = _parsed(lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")), value, where)
        _must(moment.tzinfo is not None, where)
        return moment
    if kind is date:
        _must(DATE.fullmatch(value) is not None, where)
        return _parsed(date.fromisoformat, value, where)
    raise TypeError(f"no fact has a field of type {kind}")


@cache
def hints_of(kind: Any) -> Mapping[str, Any]:
    """The types of a fact's fields."""
    return get_type_hints(kind)


def _parsed(parse: Callable[[str], Any], value: str, where: str) -> Any:
    try:
        return parse(value)
    except ValueError:
        raise MalformedFactError(where) from None


def _must(is_so: bool, where: str) -> None:
    if not is_so:
        raise MalformedFactError(where)
