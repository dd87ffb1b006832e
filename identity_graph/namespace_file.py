"""The rules of identifier namespaces as a company sets them: a YAML file over the defaults.

The file that IDENTITY_GRAPH_NAMESPACES names comes in; the rules of every known namespace go out, and a short name of
them by which a run remembers what it went by. What the file leaves out stays as it is by default.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from identity_graph.errors import InvalidSettingError
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule, rule_for
from identity_graph.settings import Settings

__all__ = ["namespace_rules", "read_namespaces", "rules_marker"]

_SHOWN = 3


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


class _Rule(BaseModel):
    """What the file may say of a namespace; what is absent stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    priority: int = Field(9, ge=1, le=99)
    strength: float = Field(8.0, gt=0, le=60, strict=False)
    unique: bool = False
    limit: int | None = Field(None, ge=2)
    window_days: int | None = Field(None, ge=1, le=36_500)
    blocked: list[Annotated[str, AfterValidator(_pattern)]] = []
    personal: bool = True


_FILE = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], _Rule])


def namespace_rules(settings: Settings) -> Mapping[str, NamespaceRule]:
    """Return the rules that hold under some settings.

    Raises:
        InvalidSettingError: the file cannot be read or says something that no rule can be.
    """
    return DEFAULT_NAMESPACES if settings.namespaces is None else read_namespaces(settings.namespaces)


def read_namespaces(path: Path) -> dict[str, NamespaceRule]:
    """Read a file of rules.

    Returns:
        Namespace -> rule: the defaults, changed and added to as the file says.

    Raises:
        InvalidSettingError: the file cannot be read or says something that no rule can be.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _refused(path, f"is no YAML: {' '.join(str(error).split())}") from error
    try:
        said = _FILE.validate_python({} if found is None else found)
    except ValidationError as error:
        raise _refused(path, "; ".join(_problem(one) for one in error.errors()[:_SHOWN])) from error
    rules = dict(DEFAULT_NAMESPACES)
    for name, one in said.items():
        given: dict[str, Any] = one.model_dump(exclude_unset=True)
        if "blocked" in given:
            given["blocked"] = tuple(given["blocked"])
        rules[name] = replace(rule_for(name, rules), **given)
        if rules[name].window_days is not None and rules[name].limit is None:
            raise _refused(path, f"{name}: `window_days` without a `limit` says nothing")
    return rules


def rules_marker(rules: Mapping[str, NamespaceRule]) -> str:
    """Name a set of rules: equal rules, equal names."""
    text = repr([sorted(asdict(rules[name]).items()) for name in sorted(rules)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _problem(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    return f"{place}: {error['msg']}" if place else str(error["msg"])


def _refused(path: Path, what: str) -> InvalidSettingError:
    return InvalidSettingError(
        f"The namespace rules {path}: {what}.",
        ids=[str(path)],
        next_step="See the rules that hold with `identity-graph namespaces`, and docs/namespaces.md.",
    )
