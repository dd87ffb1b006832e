"""The command `namespaces`: the rules that identifiers go by here, of the defaults and of the company's file.

Settings come in; a table, or the rules as JSON, go out. Nothing is changed: the file is edited.
"""

from __future__ import annotations

from dataclasses import asdict

import typer

from identity_graph.cli.edge import JsonOption, read_settings
from identity_graph.cli.output import note, print_json, print_rows
from identity_graph.namespace_file import namespace_rules
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule

__all__ = ["register"]

_HEAD = ("namespace", "priority", "bits", "one a person", "records on a value", "a person's", "blocked")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("namespaces")(namespaces_command)


def namespaces_command(as_json: JsonOption = False) -> None:
    """Show the rules of identifier namespaces: how strong, unique or limited, and which values identify nobody."""
    settings = read_settings()
    rules = namespace_rules(settings)
    if as_json:
        print_json({name: asdict(rules[name]) for name in sorted(rules)})
        return
    shown = sorted(rules.values(), key=lambda rule: (rule.priority, rule.name))
    print_rows("Rules of namespaces", _HEAD, [_row(rule) for rule in shown])
    if settings.namespaces is None:
        note("These are the defaults; a YAML file that IDENTITY_GRAPH_NAMESPACES names changes them.")
    else:
        note(f"* is set in {settings.namespaces}.")


def _row(rule: NamespaceRule) -> tuple[str, ...]:
    limit = "any" if rule.limit is None else f"{rule.limit:,}"
    within = "" if rule.window_days is None else f" in {rule.window_days} days"
    return (
        rule.name if DEFAULT_NAMESPACES.get(rule.name) == rule else f"{rule.name} *", str(rule.priority),
        f"{rule.strength:g}", _word(rule.unique), limit + within, _word(rule.personal), "  ".join(rule.blocked),
    )  # fmt: skip


def _word(value: bool) -> str:
    return "yes" if value else "no"
