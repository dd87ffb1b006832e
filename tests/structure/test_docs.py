"""What exists is documented: settings, errors, commands, packages, queries' places."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import typer.main

from identity_graph import errors
from identity_graph.cli.app import app
from identity_graph.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _all_errors() -> list[type[errors.IdentityGraphError]]:
    found, waiting = [], [errors.IdentityGraphError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting.extend(error.__subclasses__())
    return found


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_documented_with_its_default(name: str) -> None:
    line = re.search(rf"^\| `IDENTITY_GRAPH_{name.upper()}` \| (.*?) \|", _text("docs/settings.md"), re.MULTILINE)
    assert line, f"IDENTITY_GRAPH_{name.upper()} is not in docs/settings.md"
    default = Settings.model_fields[name].default
    shown = getattr(default, "get_secret_value", lambda: default)()
    expected = (
        "unset"
        if shown is None
        else "empty"
        if shown == ""
        else f"`{shown:g}`"
        if isinstance(shown, float)
        else f"`{shown}`"
    )
    assert line.group(1) == expected


@pytest.mark.parametrize("error", _all_errors(), ids=lambda error: error.code)
def test_error_code_is_documented_and_its_own(error: type[errors.IdentityGraphError]) -> None:
    assert f"| `{error.code}` |" in _text("docs/errors.md")
    assert [other for other in _all_errors() if other.code == error.code] == [error]


def test_error_tree_in_the_docstring_names_every_error() -> None:
    assert [error.__name__ for error in _all_errors() if error.__name__ not in (errors.__doc__ or "")] == []


@cache
def _commands() -> dict[str, object]:
    group = typer.main.get_command(app)
    return dict(group.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(_commands()))
def test_command_is_in_the_readme_and_helps(name: str) -> None:
    command = _commands()[name]
    assert command.help, f"{name} says nothing about itself"  # type: ignore[attr-defined]
    for parameter in command.params:  # type: ignore[attr-defined]
        assert getattr(parameter, "help", None), f"{name} {parameter.name} has no help"
    assert f"identity-graph {name}" in _text("README.md") or f"identity-graph {name}" in _text("docs/commands.md")


def test_every_package_is_on_the_map() -> None:
    packages = sorted(path.parent.name for path in (ROOT / "identity_graph").glob("*/__init__.py"))
    map_text = _text("ARCHITECTURE.md")
    assert [name for name in packages if f"`{name}`" not in map_text and f"/{name}`" not in map_text] == []


def _documented_lines() -> list[str]:
    pages = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "loaders" / "README.md")
    pattern = re.compile(r"^ {4}(?:\$ )?(?:\.venv/bin/)?identity-graph (\S.*?)(?: {2,}#.*)?$", re.MULTILINE)
    return sorted({line for page in pages for line in pattern.findall(page.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("line", _documented_lines())
def test_documented_command_line_is_understood(line: str) -> None:
    name, *arguments = shlex.split(line)
    command = _commands()[name]
    command.make_context(name, arguments)  # type: ignore[attr-defined]


def test_documented_command_lines_were_found() -> None:
    assert len(_documented_lines()) > 10
