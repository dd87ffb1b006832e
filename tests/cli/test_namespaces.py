"""The rules of namespaces, as the command shows them and as every command goes by them."""

from __future__ import annotations

import csv
from dataclasses import replace

from identity_graph.namespaces import DEFAULT_NAMESPACES
from tests.cli.command import Command
from tests.pipeline.company import MAPPING, Company, write_rows


def _ruled(command: Command, text: str) -> Command:
    (command.folder / "rules.yaml").write_text(text, encoding="utf-8")
    return replace(command, environment={**command.environment, "IDENTITY_GRAPH_NAMESPACES": "rules.yaml"})


def test_the_rules_are_shown_and_those_of_the_file_are_marked(empty: Command) -> None:
    shown = empty.run("namespaces")
    assert (shown.status, "IDENTITY_GRAPH_NAMESPACES" in shown.errors) == (0, True)
    assert all(name in shown.out for name in DEFAULT_NAMESPACES) and "*" not in shown.out.replace(".*", "")
    ruled = _ruled(empty, "device_id: {limit: 7, window_days: 30}")
    lines = [line for line in ruled.run("namespaces").out.splitlines() if "device_id *" in line]
    assert len(lines) == 1 and "7 in 30 days" in lines[0]
    found = ruled.run("namespaces", "--json").json
    assert found.keys() == DEFAULT_NAMESPACES.keys()
    assert (found["device_id"]["limit"], found["device_id"]["strength"]) == (7, 8.0)


def test_dedupe_goes_by_the_file(empty: Command) -> None:
    company = Company(8)
    twin = company.sources["crm"]["1"]
    company.add("shop", "1-0", **{**twin, "id": "1-0", "account": "u-1"})
    company.add("shop", "1-9", **{**twin, "id": "1-9", "account": "u-2"})
    company.write(empty.folder)
    (empty.folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    found = []
    for command in (empty, _ruled(empty, "user_id: {unique: false}")):
        command.good("dedupe", "crm.csv", "shop.csv", "-o", "out.csv", "--mapping", "mapping.yaml")
        with (empty.folder / "out.csv").open(encoding="utf-8") as file:
            found.append(len({row["cluster_id"] for row in csv.DictReader(file) if row["record_id"] in ("1-0", "1-9")}))
    assert found == [2, 1]


def test_a_wrong_file_is_one_message_and_the_service_does_not_start(empty: Command) -> None:
    ruled = _ruled(empty, "email: {limit: many}")
    write_rows(empty.folder / "crm.csv", [{"id": "1", "given": "Ada"}])
    for words in (("namespaces",), ("serve",), ("apply",), ("dedupe", "crm.csv", "-o", "out.csv")):
        done = ruled.run(*words)
        assert done.status == 1 and "Traceback" not in done.errors
        assert "rules.yaml" in done.errors and "email.limit" in done.errors
