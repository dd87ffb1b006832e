"""The commands that watch, over the small company."""

from __future__ import annotations

import json

from tests.cli.command import Command


def test_changes_are_told_and_continued(shop: Command) -> None:
    done = shop.good("changes", "--json", "--limit", "3")
    first = [json.loads(line) for line in done.out.splitlines()]
    assert len(first) == 3 and all(event["specversion"] == "1.0" for event in first)
    assert first[-1]["cursor"] in done.errors and "There is more" in done.errors
    rest = [
        json.loads(line) for line in shop.good("changes", "--since", first[-1]["cursor"], "--json").out.splitlines()
    ]
    ids = [event["id"] for event in (*first, *rest)]
    assert len(set(ids)) == len(ids) > 3
    table = shop.good("changes", "--type", "customer.created").out
    assert "customer.created" in table and first[0]["subject"] in table
    assert shop.good("changes", "--since", "now", "--json").out == ""
    wrong = shop.run("changes", "--type", "customer.born")
    assert wrong.status == 1 and "customer.retired" in wrong.errors
