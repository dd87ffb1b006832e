"""Every command over one loaded and resolved company."""

from __future__ import annotations

import csv
import json
import socket
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer.main

from identity_graph.cli.app import app
from tests.cli.command import Command
from tests.pipeline.company import Company

_COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
_MEMBERS = Company(12)


def _customer(shop: Command, record: str) -> str:
    found = shop.good("customer", f"email:{_MEMBERS.sources['crm'][record]['mail']}", "--json").json
    return str(found["customer"]["id"])


@pytest.mark.parametrize("name", _COMMANDS)
def test_help_names_what_the_command_does(name: str, empty: Command) -> None:
    shown = empty.good(name, "--help").out
    assert shown.startswith(f"Usage: identity-graph {name}") or f"{name} [OPTIONS]" in shown
    assert "--help" in shown


def test_without_words_the_commands_are_listed(empty: Command) -> None:
    shown = empty.run()
    assert all(name in shown.out + shown.errors for name in _COMMANDS)


def test_load_says_what_it_did(shop: Command) -> None:
    words = ("load", "crm.csv", "shop.csv", "--mapping", "mapping.yaml")
    found = shop.good(*words, "--json").json
    records = sum(len(_MEMBERS.members(number)) for number in range(12))
    assert found["records_unchanged"] == records
    assert (found["records_new"], found["rows_read"], found["rows_rejected"]) == (0, records + 1, 1)
    shown = shop.good(*words, "--save-mapping", "saved")
    assert "given_name" in shown.out and "records unchanged" in shown.out
    assert (shop.folder / "saved" / "crm.yaml").is_file()
    assert "given_name" in (shop.folder / "saved" / "crm.yaml").read_text(encoding="utf-8")


def test_resolve_again_changes_nothing(shop: Command) -> None:
    found = shop.good("resolve", "--json").json
    assert (found["changes"], found["jitter"], found["matches_written"]) == ({}, 0.0, 0)
    assert found["customers"] == 12
    assert [stage for stage in found["stages"] if stage["seconds"] < 0] == []


def test_models_are_listed_shown_and_drawn(shop: Command) -> None:
    (kept,) = [one for one in shop.good("model", "list", "--json").json if one["current"]]
    assert (kept["comparisons"] > 3, kept["problem"]) == (True, "")
    assert "in use" in shop.good("model", "list").out
    shown = shop.good("model", "show", "--json").json
    assert shown["version"] == kept["version"]
    assert {one["name"] for one in shown["comparisons"]} >= {"family_name", "birth_date", "email"}
    assert "family name agrees" in shop.good("model", "show", kept["version"], "--chart", "weights.svg").out
    shop.good("model", "show", f"identity-graph-data/models/{kept['version']}", "--chart", "weights.html")
    assert (shop.folder / "weights.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert (shop.folder / "weights.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    refused = shop.run("model", "show", "--chart", "weights.png")
    assert (refused.status, "invalid_setting" in refused.errors) == (1, True)
    missing = shop.run("model", "show", "0123456789abcdef")
    assert (missing.status, "not_found" in missing.errors) == (1, True)


def test_a_model_is_trained_with_labels_compared_and_leaves_the_one_in_use_alone(shop: Command) -> None:
    (used,) = [one["version"] for one in shop.good("model", "list", "--json").json if one["current"]]
    (shop.folder / "labels.csv").write_text("left,right,verdict\ncrm:1,shop:1-0,must\ncrm:1,crm:2,cannot\n")
    trained = shop.good("model", "train", "--labels", "labels.csv", "--json").json
    assert (trained["training"]["labels matching"], trained["training"]["labels differing"]) == (1, 1)
    kept = {one["version"]: one["current"] for one in shop.good("model", "list", "--json").json}
    assert (kept[used], kept[trained["version"]]) == (True, False)
    before = shop.good("status", "--json").json
    found = shop.good("model", "diff", used, trained["version"], "--json").json
    assert (found["clusters_before"], found["unchanged"] + found["merged"] + found["split"]) == (12, 12)
    assert "pairs gained" in shop.good("model", "diff", used, trained["version"], "--shown", "2").out
    assert shop.good("status", "--json").json == before
    refused = shop.run("resolve", "--labels", "labels.csv", "--model", used)
    assert (refused.status, "invalid_setting" in refused.errors) == (1, True)


def test_a_customer_is_shown_by_identifier_and_by_id(shop: Command) -> None:
    customer = _customer(shop, "3")
    by_id = shop.good("customer", customer, "--json").json
    assert {record["key"] for record in by_id["records"]} == _MEMBERS.members(3)
    assert by_id["customer"]["attributes"]["family_name"] == _MEMBERS.sources["crm"]["3"]["family"]
    assert by_id["why"]["chain"]
    shown = shop.good("customer", customer).out
    assert customer in shown and "crm:3" in shown and "Held together by" in shown


def test_search_finds_the_person_it_is_told_about(shop: Command) -> None:
    row = _MEMBERS.sources["crm"]["5"]
    words = ("search", f"family_name={row['family']}", f"given_name={row['given']}", "birth_date=nonsense")
    found = shop.good(*words, "--json").json
    assert found["hits"][0]["customer"]["id"] == _customer(shop, "5")
    assert list(found["unreadable"]) == ["birth_date"]
    shown = shop.good(*words, "--limit", "1")
    assert _customer(shop, "5") in shown.out
    assert "birth_date was left out" in shown.errors


def test_why_tells_what_holds_together_and_what_keeps_apart(shop: Command) -> None:
    together = shop.good("why", "crm:3", "shop:3-0", "--json").json
    apart = shop.good("why", "crm:3", "crm:4", "--json").json
    assert together["chain"] and not apart["chain"]
    assert shop.good("why", "crm:3", "shop:3-0").out.strip()


def test_lineage_starts_with_the_birth(shop: Command) -> None:
    customer = _customer(shop, "6")
    entries = shop.good("lineage", customer, "--json").json
    assert entries[0]["kind"] == "created" or entries[-1]["kind"] == "created"
    shown = shop.good("lineage", customer).out
    assert "created" in shown
    assert "{" not in shown


def test_segments_are_listed_and_looked_into(shop: Command) -> None:
    segments = {one["name"]: one for one in shop.good("segments", "--json").json}
    assert "known_in_several_sources" in segments
    found = shop.good("segments", "known_in_several_sources", "sources=2", "--json", "--limit", "5").json
    assert (found["count"], len(found["members"])) == (12, 5)
    shown = shop.good("segments", "known_in_several_sources", "sources=2").out
    assert "12 customers" in shown
    assert shown.count("sources crm, shop") == 12
    listed = shop.good("segments").out
    assert "households" in listed
    assert "namespaces=email,phone" in listed


def test_review_lists_pairs_with_their_evidence(shop: Command) -> None:
    pairs = shop.good("review", "--json").json
    assert isinstance(pairs, list)
    assert "Decide with" in shop.good("review").errors


def test_a_decision_is_kept_carried_out_and_taken_back(shop: Command) -> None:
    before = _customer(shop, "7"), _customer(shop, "8")
    words = ("decide", "must", "crm:7", "crm:8", "--reason", "same person", "--author", "ana")
    decision = shop.good(*words, "--json").json
    assert (decision["verdict"], decision["author"]) == ("must", "ana")
    shop.good("resolve")
    assert _customer(shop, "7") == _customer(shop, "8")
    listed = shop.good("decisions", "--json").json
    assert [one["id"] for one in listed] == [decision["id"]]
    refused = shop.run("decide", "cannot", "crm:7", "crm:8", "--reason", "no")
    assert (refused.status, "conflict" in refused.errors) == (1, True)
    shop.good("undo", decision["id"], "--reason", "wrong", "--author", "ben")
    shop.good("resolve")
    assert (_customer(shop, "7"), _customer(shop, "8")) == before
    assert shop.good("decisions", "--json").json == []
    everything = shop.good("decisions", "--all", "--json").json
    assert [one["undone_by"] for one in everything] == ["ben"]
    assert decision["id"] in shop.good("decisions", "--all").out
    assert everything[0]["at"].endswith("Z")


def test_rejected_rows_are_listed_and_can_be_replayed(shop: Command) -> None:
    (row,) = shop.good("rejected", "--json").json
    assert (row["source"], row["reason"], row["status"]) == ("crm", "missing_id", "open")
    assert "missing_id" in shop.good("rejected", "--source", "crm", "--limit", "5").out
    assert shop.good("rejected", "--source", "shop").out.strip() == "Nothing is rejected."
    assert shop.good("rejected", "--retry", "--json").json["still_rejected"] == 1


@pytest.mark.parametrize("what", ["records", "golden", "lineage"])
def test_exports_say_the_same_in_every_format(shop: Command, what: str) -> None:
    for ending in ("csv", "jsonl", "parquet"):
        shop.good("export", what, "-o", f"out/{what}.{ending}")
    folder = shop.folder / "out"
    with (folder / f"{what}.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    lines = (folder / f"{what}.jsonl").read_text(encoding="utf-8").splitlines()
    from_lines = [json.loads(line) for line in lines]
    table = pq.read_table(folder / f"{what}.parquet")
    assert from_csv and table.to_pylist() == from_lines
    assert from_csv == [{name: _text(value) for name, value in row.items()} for row in from_lines]
    if what == "records":
        assert {row["record_key"] for row in from_csv} == set().union(*(_MEMBERS.members(n) for n in range(12)))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def test_quality_tells_what_the_last_run_is_worth(shop: Command) -> None:
    report = shop.good("quality", "--json").json
    shares = report["estimates"]["b_cubed"]["recall"]
    assert 0 <= shares["low"] <= shares["estimate"] <= shares["high"] <= 1
    shown = shop.good("quality").out
    assert all(title in shown for title in ("Estimated without labels", "Clusters by size", "Sources", "Comparisons"))


def test_status_counts_and_names_the_engine(shop: Command) -> None:
    found = shop.good("status", "--json").json
    assert sum(found["counts"]["records"].values()) == sum(len(_MEMBERS.members(number)) for number in range(12))
    assert found["last_run"]["finished"] is True
    shown = shop.good("status").out
    assert "embedded" in shown and "Last run" in shown


def test_mapping_shows_and_saves_what_columns_are_taken_for(empty: Command) -> None:
    Company(12).write(empty.folder)
    shown = empty.good("mapping", "crm.csv", "-o", "maps")
    assert "email" in shown.out
    assert (empty.folder / "maps" / "crm.yaml").is_file()
    assert not (empty.folder / "identity-graph-data").exists()


def test_dedupe_and_evaluate_need_no_graph(empty: Command) -> None:
    company = Company(12)
    company.write(empty.folder)
    words = ("dedupe", "crm.csv", "shop.csv", "-o", "out.csv", "--id-column", "id")
    assert empty.good(*words, "--json", "--save-mapping", "maps").json["clusters"] == 12
    strict = ("--min-weight", "0", "--min-certainty", "0.5", "--report", "quality.json")
    shown = empty.good(*words, "--mapping", "maps/crm.yaml", *strict)
    assert "largest cluster" in shown.out and "Written to out.csv" in shown.errors
    assert "Estimated without labels" in shown.out
    report = json.loads((empty.folder / "quality.json").read_text(encoding="utf-8"))
    assert report["estimates"]["pairwise"]["precision"]["low"] <= 1.0
    with (empty.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["record_id", "cluster_id", "source"]
    truth = [(row["record_id"], row["record_id"].split("-")[0]) for row in rows if row["source"] == "shop"]
    with (empty.folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("record_id", "cluster_id"), *truth])
    empty.good("dedupe", "shop.csv", "-o", "shop.out.csv", "--id-column", "id")
    found = empty.good("evaluate", "shop.out.csv", "truth.csv", "--json").json
    assert found["b_cubed"]["f1"] == found["pairwise"]["f1"] == 1.0
    assert "B-cubed" in empty.good("evaluate", "shop.out.csv", "truth.csv", "--worst", "1").out
    assert not (empty.folder / "identity-graph-data" / "engine").exists()


def test_stop_says_whether_anything_ran(empty: Command) -> None:
    assert "not running" in empty.good("stop").errors
    assert empty.good("status", "--json").json["last_run"] is None
    assert "Stopped" in empty.good("stop").errors


_WRONG = [
    (("load", "nowhere.csv"), "source_not_found"),
    (("load", "crm.csv", "--mapping", "nowhere.yaml"), "invalid_mapping"),
    (("dedupe", "nowhere.csv", "-o", "x.csv"), "source_not_found"),
    (("dedupe", "crm.csv", "-o", "x.csv", "--id-column", "nummer"), "invalid_mapping"),
    (("dedupe", "crm.csv", "-o", "x.csv", "--min-weight", "1000"), "invalid_setting"),
    (("dedupe", "crm.csv", "-o", "x.csv", "--min-certainty", "99"), "invalid_setting"),
    (("resolve", "--min-certainty", "-1"), "invalid_setting"),
    (("evaluate", "nowhere.csv", "crm.csv"), "source_not_found"),
    (("evaluate", "crm.csv", "crm.csv"), "source_error"),
    (("customer", "cnobody"), "not_found"),
    (("customer", "email:nobody@mail.test"), "not_found"),
    (("search", "family_name"), "invalid_setting"),
    (("search", "shoe_size=44"), "invalid_setting"),
    (("why", "crm:3", "crm:none"), "not_found"),
    (("lineage", "cnobody"), "not_found"),
    (("segments", "nosuch"), "not_found"),
    (("segments", "known_in_several_sources", "sources=many"), "invalid_setting"),
    (("segments", "known_in_several_sources", "nosuch=1"), "invalid_setting"),
    (("decide", "must", "crm:3", "crm:none", "--reason", "x"), "not_found"),
    (("decide", "must", "crm:3", "crm:3", "--reason", "x"), "invalid_setting"),
    (("undo", "dnone", "--reason", "x"), "not_found"),
    (("export", "golden", "-o", "golden.xlsx"), "invalid_setting"),
]


def test_nothing_in_a_file_steers_the_terminal_and_rejects_come_in_the_order_of_the_file(alone: Command) -> None:
    good = [f"{n},Ann,Lee,1970-01-{n:02}" for n in range(1, 21)]
    bad = [f"{n},Bo,Xu,\x1b[31m1990-02-{n}\x07\u202e" for n in range(31, 39)]
    (alone.folder / "crm.csv").write_text("\n".join(["id,first name,last name,born", *good, *bad]), encoding="utf-8")
    alone.good("load", "crm.csv")
    shown = alone.good("rejected").out
    assert [int(line.split()[2]) for line in shown.splitlines()[2:]] == list(range(22, 30))
    assert r"\x1b[31m1990-02-31\x07\u202e" in shown
    first = alone.good("rejected", "--limit", "3")
    assert ("There are more" in first.errors, len(first.out.splitlines())) == (True, 5)
    assert len(alone.good("rejected", "--limit", "3", "--json").json) == 3
    wrong = alone.run("customer", "email:\x1b[31mann")
    for text in (shown, first.errors, wrong.errors):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert r"\x1b[31mann" in wrong.errors


@pytest.mark.parametrize(("words", "code"), _WRONG, ids=[" ".join(words) for words, _ in _WRONG])
def test_wrong_input_gives_the_code_the_reason_and_no_traceback(
    shop: Command, words: tuple[str, ...], code: str
) -> None:
    done = shop.run(*words)
    assert (done.status, done.out) == (1, "")
    assert done.errors.startswith(f"{code}: ") or f"\n{code}: " in done.errors, done.errors
    assert "Traceback" not in done.errors


def test_a_process_prints_json_or_ends_with_status_one(shop: Command) -> None:
    done = shop.process("status", "--json")
    assert (done.status, done.errors, done.json["counts"]["touchpoints"]) == (0, "", 0)
    failed = shop.process("customer", "cnobody")
    assert (failed.status, failed.out, failed.errors.startswith("not_found: ")) == (1, "", True)
    assert "Traceback" not in failed.errors


def test_the_next_step_is_told(shop: Command) -> None:
    assert "docs/settings.md" in Command(shop.folder, {"IDENTITY_GRAPH_ENGINE_HEAP": "much"}).run("status").errors
    assert "Rename it" in shop.run("export", "golden", "-o", "golden.xlsx").errors


@pytest.mark.parametrize("words", [("decide", "maybe", "a", "b", "--reason", "x"), ("review", "--limit", "0"), ("no",)])
def test_wrong_usage_is_status_two(shop: Command, words: tuple[str, ...]) -> None:
    done = shop.run(*words)
    assert done.status == 2
    assert "Traceback" not in done.errors


def test_rows_that_give_way_to_a_later_row_are_counted_and_told(alone: Command) -> None:
    text = "id,first name,last name,email\n1,Ann,Lee,ann@mail.test\n2,Bo,Xu,bo@mail.test\n1,Ann,Li,ann@mail.test\n"
    (alone.folder / "crm.csv").write_text(text, encoding="utf-8")
    for words in (("load", "crm.csv"), ("dedupe", "crm.csv", "-o", "clusters.csv")):
        assert alone.good(*words, "--json").json["rows_merged"] == 1
        assert "replaced by a later one with the same id: 1" in alone.good(*words).errors


def test_an_address_that_cannot_be_listened_on_is_named_before_anything_starts(empty: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "nowhere.invalid"):
            done = empty.run("serve", "--host", host, "--port", str(port))
            assert (done.status, f"invalid_setting: The API cannot listen on {host}:{port}" in done.errors) == (1, True)
            assert "listens on http" not in done.errors and "--port N" in done.errors


def test_the_service_does_not_start_without_its_graph_and_says_so(empty: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    done = Command(empty.folder, {"IDENTITY_GRAPH_URI": f"bolt://127.0.0.1:{port}"}).process("serve")
    assert done.status == 1
    assert "engine_unavailable: " in done.errors and "IDENTITY_GRAPH_URI" in done.errors
    assert "Traceback" not in done.errors and "listens on" not in done.errors


def test_resolving_nothing_says_how_to_begin(alone: Command) -> None:
    done = alone.run("resolve")
    assert done.status == 1
    assert "not_found: The graph holds no records." in done.errors
    assert "identity-graph load" in done.errors


def test_the_demo_works_twice_in_an_empty_folder(empty: Command) -> None:
    for _ in range(2):
        shown = empty.good("demo", "--people", "60")
        assert "Golden values" in shown.out and "B-cubed" in shown.out
        assert "Traceback" not in shown.errors
    (empty.folder / "mine").mkdir()
    (empty.folder / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    refused = empty.run("demo", "--people", "60", "--folder", "mine")
    assert (refused.status, "conflict" in refused.errors) == (1, True)
    assert (empty.folder / "mine" / "letter.txt").read_text(encoding="utf-8") == "mine"
    Command(empty.folder, {"IDENTITY_GRAPH_DATA_DIR": "identity-graph-demo"}).run("stop")
