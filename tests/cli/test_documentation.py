"""docs/commands.md has a section for every command, and every option stands in its section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from identity_graph.cli.app import app

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
_SECTIONS = {
    section.split()[0].rstrip("`"): section
    for section in re.split(r"^### `identity-graph ", _PAGE, flags=re.MULTILINE)[1:]
}
_COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_the_page_has_these_commands_and_no_other() -> None:
    assert sorted(_SECTIONS) == sorted(_COMMANDS)


def _options(name: str) -> set[str]:
    """Return the options of a command, and of those below it."""
    command = _COMMANDS[name]
    parts = [command, *getattr(command, "commands", {}).values()]
    return {option for part in parts for found in part.params for option in found.opts if option.startswith("--")}


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_option_of_the_command_is_in_its_section_and_no_other(name: str) -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _SECTIONS[name]))
    assert _options(name) <= named
    assert named <= {option for command in _COMMANDS for option in _options(command)}


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_command_has_an_example(name: str) -> None:
    assert f"$ identity-graph {name}" in _SECTIONS[name]
