"""The page /live in a real browser, while real events are collected, applied and resolved."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from tests.clients.browser import Browser, browsing
from tests.clients.installed import chromium
from tests.tracking.running import Service, running, write_key

_KEY = "let-me-see"


@pytest.fixture
def service(embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path) -> Iterator[Service]:
    file = tmp_path / "crm.csv"
    rows = [f"{number},G{number:02d}n,F{number:02d}m,p{number}@mail.test" for number in range(20)]
    file.write_text("\n".join(["id,first_name,last_name,email", *rows, ""]), encoding="utf-8")
    load(embedded_graph, embedded_settings, [str(file)])
    resolve(embedded_graph, embedded_settings)
    with running(embedded_settings, IDENTITY_GRAPH_API_KEYS=_KEY) as found:
        yield found


def _texts(browser: Browser, selector: str) -> list[str]:
    found: list[str] = browser.ask(f"[...document.querySelectorAll({selector!r})].map((one) => one.innerText)")
    return found


def test_the_page_shows_events_whom_they_are_by_and_a_merge_as_it_happens(
    service: Service, embedded_settings: Settings, tmp_path: Path
) -> None:
    with browsing(chromium(), tmp_path / "profile") as browser:
        browser.command("Page.navigate", url=f"{service.url}/live")
        _connect(browser)
        sender = httpx.Client(base_url=service.url, auth=(write_key(embedded_settings), ""), trust_env=False)

        def send(**message: Any) -> None:
            assert sender.post("/v1/batch", json={"batch": [message]}).status_code == 200

        jane = {"firstName": "Jane", "lastName": "<b>Doe</b>", "email": "jane@mail.test"}
        send(type="page", anonymousId="a1", messageId="m1")
        send(type="identify", userId="u1", traits=jane, messageId="m2")
        send(type="page", userId="null", messageId="m3")
        browser.wait_for("[...document.querySelectorAll('#events tr')].length >= 3")
        browser.wait_for("document.querySelector('#events').innerText.includes('Doe')")
        assert any("set aside: placeholder user" in row for row in _texts(browser, "#events tr"))
        send(type="identify", userId="u1", anonymousId="a1", messageId="m4")
        browser.wait_for("document.querySelector('#changes .merged')")
        merged = _texts(browser, "#changes .merged")[0]
        assert "merged" in merged and "they share user_id:u1" in merged
        browser.wait_for("document.querySelector('[data-of=waiting]').innerText === '0'")
        assert browser.ask("document.querySelector('[data-of=dead_letters]').innerText") == "1"

        _pause_and_filter(browser, send)
        _reload(browser)
        sender.close()
        _check_manners(browser, service)


def _connect(browser: Browser) -> None:
    """A wrong key is refused, the right one is asked for once."""
    for key, then in (("wrong", "document.querySelector('#key-problem').innerText.includes('does not know')"),
                      (_KEY, "document.querySelector('#connection').innerText === 'Connected'")):  # fmt: skip
        browser.wait_for("document.activeElement && document.activeElement.id === 'key'")
        browser.type(key)
        browser.press("Enter")
        browser.wait_for(then)


def _pause_and_filter(browser: Browser, send: Any) -> None:
    """By keyboard: a pause holds the lists still, and going on shows what came meanwhile."""
    browser.ask("document.querySelector('#pause').focus()")
    browser.press(" ")
    assert browser.ask("document.querySelector('#pause').getAttribute('aria-pressed')") == "true"
    before = len(_texts(browser, "#events tr"))
    send(type="track", event="Paused For", userId="u1", messageId="m5")
    browser.wait_for("held.some((frame) => frame.events.some((event) => event.type === 'Paused For'))")
    assert len(_texts(browser, "#events tr")) == before
    browser.press(" ")
    browser.wait_for("document.querySelector('#events tr').innerText.includes('Paused For')")
    browser.ask("document.querySelector('#filter').focus()")
    browser.type("paused for")
    shown = browser.ask("[...document.querySelectorAll('#events tr')].filter((row) => !row.hidden).length")
    assert shown == 1


def _reload(browser: Browser) -> None:
    """What happened lately is there again, and the key is not asked for again in this tab."""
    browser.command("Page.reload")
    browser.wait_for(
        "document.querySelector('#events') && document.querySelector('#events').innerText.includes('Paused')"
    )
    browser.wait_for("document.querySelector('#changes .merged')")
    numbers = browser.ask("[...document.querySelectorAll('#events tr')].map((row) => row.dataset.number)")
    assert len(set(numbers)) == len(numbers) == 5
    assert browser.ask("document.querySelector('#key-form').hidden")


def _check_manners(browser: Browser, service: Service) -> None:
    """Nothing is fetched from elsewhere, nothing is forbidden by the policy, all parts have names, dark is dark."""
    asked = {request["request"]["url"] for request in browser.told("Network.requestWillBeSent")}
    assert asked and all(url.startswith(service.url) for url in asked), asked
    assert browser.told("Runtime.exceptionThrown") == []
    assert [one for one in browser.told("Log.entryAdded") if "401" not in one["entry"]["text"]] == []
    nodes = browser.command("Accessibility.getFullAXTree")["nodes"]
    names = {(node["role"]["value"], node.get("name", {}).get("value")) for node in nodes if not node["ignored"]}
    assert {("table", "Events"), ("log", "Changes"), ("button", "Pause"), ("heading", "Live")} <= names
    assert any(role == "searchbox" and name for role, name in names)
    colours = []
    for scheme in ("light", "dark"):
        browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        time.sleep(0.1)
        colours.append(browser.ask("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 24, 31)"]


def test_the_page_needs_no_key_and_keeps_scripts_of_others_out(service: Service) -> None:
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        page = client.get("/live")
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert client.get("/live/live.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/live/live.css").status_code == 200
        assert client.get("/v1/live/stream").status_code == 401
        with client.stream("GET", "/v1/live/stream", headers={"X-API-Key": _KEY}) as answer:
            lines = answer.iter_lines()
            frame = next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        assert (frame["events"], frame["state"]["waiting"], frame["state"]["unresolved"]) == ([], 0, 0)
        assert {change["type"] for change in frame["changes"]} == {"customer.created"}
