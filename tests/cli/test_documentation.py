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


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_option_of_the_command_is_in_its_section_and_no_other(name: str) -> None:
    options = {option for found in _COMMANDS[name].params for option in found.opts if option.startswith("--")}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _SECTIONS[name]))
    assert options <= named
    others = {option for command in _COMMANDS.values() for found in command.params for option in found.opts}
    assert named <= others


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_command_has_an_example(name: str) -> None:
    assert f"$ identity-graph {name}" in _SECTIONS[name]
