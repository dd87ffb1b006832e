"""The profile API for applications: over the small graph, over HTTP."""

from __future__ import annotations

from contextlib import closing

from starlette.testclient import TestClient

from identity_graph.graph import Graph
from identity_graph.ingest import Applier
from identity_graph.journal import Submission, open_journal
from identity_graph.realtime.answering import Answering
from identity_graph.realtime.standing import Standing, StandingState
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.events.messages import at, event
from tests.realtime.world import Town

_JANE = "/v1/profiles/email/jane@mail.test"


def test_a_profile_and_its_parts(client: TestClient) -> None:
    found = client.get(_JANE).json()
    assert (found["id"], found["traits"]["family_name"]["value"], found["counts"]["records"]) == ("c1", "Doe", 3)
    looked_up = client.post("/v1/profiles/lookup", json={"namespace": "email", "value": "JANE@mail.test "})
    assert looked_up.json() == found
    assert client.get(f"{_JANE}/traits").json()["traits"] == found["traits"]
    pages, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{_JANE}/external_ids", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        pages += page["items"]
        cursor = page["next_cursor"]
    assert pages == found["external_ids"] and len(pages) == 5


def test_touchpoints_are_narrowed_by_what_where_and_when(client: TestClient) -> None:
    def keys(**parameters: object) -> list[str]:
        found, cursor = [], None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = client.get(f"{_JANE}/touchpoints", params={"limit": 1, **parameters, **more}).json()
            found += [item["key"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    everything = ["view-1", "order-2", "order-1", "call-1"]
    assert keys() == everything
    assert keys(order="asc") == everything[::-1]
    assert keys(type="order") == ["order-2", "order-1"]
    assert keys(exclude=["order", "view"]) == ["call-1"]
    assert keys(source="web") == ["view-1"]
    assert keys(channel=["phone", "fax"]) == ["call-1"]
    assert keys(since="2026-03-02T10:00:00Z") == ["view-1", "order-2"]
    assert keys(until="2026-03-01T23:00:00+01:00") == ["order-1"]
    assert keys(as_of="2026-03-01T12:00:00") == ["order-1"]


def test_an_empty_cursor_is_the_first_page(client: TestClient) -> None:
    for path in (f"{_JANE}/touchpoints", f"{_JANE}/external_ids", "/v1/customers/c1/touchpoints"):
        first = client.get(path).json()
        assert first["items"] and client.get(path, params={"cursor": ""}).json() == first


def test_an_unchanged_profile_is_not_sent_again(client: TestClient, graph: Graph) -> None:
    first = client.get(_JANE)
    tag = first.headers["etag"]
    assert tag.startswith('"') and first.headers["cache-control"].startswith("private")
    for sent in (tag, f'W/{tag}, "other"', "*"):
        again = client.get(_JANE, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    in_lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert client.get(_JANE, headers=in_lines).status_code == 304
    graph.write("customers/mark_identifiers", rows=[{"key": "phone:+33142685300", "status": "blocked", "reason": "x"}])
    changed = client.get(_JANE, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


def test_a_batch_answers_in_order(client: TestClient) -> None:
    asked = [("email", "jane@mail.test"), ("email", "no@mail.test"), ("user_id", "u-2"), ("device_id", "tablet")]
    body = {"identifiers": [{"namespace": namespace, "value": value} for namespace, value in asked]}
    items = client.post("/v1/profiles/batch", json=body).json()["items"]
    assert [item["status"] for item in items] == ["ambiguous", "not_found", "found", "not_found"]
    assert items[0]["profile"]["other_ids"] == ["c2"]
    assert [item["problem"]["code"] for item in (items[1], items[3])] == ["not_found", "conflict"]
    many = {"identifiers": body["identifiers"][:1] * 1001}
    assert client.post("/v1/profiles/batch", json=many).status_code == 422


def test_a_profile_of_the_past_and_of_the_certain(client: TestClient) -> None:
    then = client.get("/v1/profiles/customer_id/c0", params={"as_of": "2026-01-15T00:00:00Z"}).json()
    assert (then["id"], then["record_keys"], then["certainty"]) == ("c0", ["web:1"], None)
    refused = client.get(_JANE, params={"min_certainty": 0.99}).json()
    assert refused["code"] == "not_found" and "lower min_certainty" in refused["next_step"]
    for parameters in (
        {"as_of": "0001-01-01T00:00:00+05:00"},
        {"as_of": "yesterday"},
        {"as_of": "2026"},
        {"min_certainty": 2},
    ):
        assert client.get(_JANE, params=parameters).status_code == 422


def test_what_is_not_applied_in_time_is_said_to_be_worth_another_try(
    client: TestClient, engine_settings: Settings
) -> None:
    assert client.get(_JANE, params={"wait": "applied"}).status_code == 200
    with closing(open_journal(engine_settings)) as journal:
        journal.append([Submission((event("m1", userId="u1"),))])
    late = client.get(_JANE, params={"wait": "applied", "timeout": 0.1})
    assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (503, "not_applied", "1")
    assert "no process of this data folder resolves" in late.json()["detail"]
    assert client.get("/ready").json()["resolver"]["state"] == "none"
    loading = Standing.now(StandingState.IDLE).then(StandingState.LOADING, "the index", 200_000)
    with Answering(engine_settings.data_dir, lambda: loading, lambda: None):
        early = client.get(_JANE, params={"wait": "applied", "timeout": 0.1})
        assert (early.status_code, early.json()["code"], early.headers["retry-after"]) == (503, "resolver_loading", "1")
        assert "the resolver loads: the index of 200,000 records (2 of 3)" in early.json()["detail"]
        told = client.get("/ready").json()["resolver"]
        assert (told["state"], told["records"]) == ("loading", 200_000)


def test_a_profile_names_the_organisations_of_its_records(graph: Graph, engine_settings: Settings) -> None:
    groups = [f"g{number:02d}" for number in range(22)]
    with closing(open_journal(engine_settings)) as journal:
        events = [event(f"m{group}", "group", userId="u1", groupId=group, timestamp=at(1)) for group in groups]
        events.append(event("late", "group", userId="u1", groupId="g00", timestamp=at(9), traits={"name": "Acme"}))
        journal.append([Submission(tuple(events))])
        Applier(graph, engine_settings, journal).apply_next()
    Town(graph, engine_settings).step()
    app = create_app(engine_settings.model_copy(update={"apply_events": False}), graph)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        path = "/v1/profiles/user_id/u1"
        found = client.get(path).json()
        assert (found["counts"]["organisations"], len(found["organisations"])) == (22, 20)
        first = found["organisations"][0]
        assert (first["organisation"]["key"], first["organisation"]["traits"]) == ("site:g00", {"name": "Acme"})
        assert (first["count"], first["record_keys"], first["first_seen"] < first["last_seen"]) == (
            2, ["site:user_id=u1"], True,
        )  # fmt: skip
        pages = client.get(f"{path}/organisations", params={"limit": 20}).json()
        assert pages["items"] == found["organisations"]
        rest = client.get(f"{path}/organisations", params={"limit": 20, "cursor": pages["next_cursor"]}).json()
        assert [one["organisation"]["group_id"] for one in rest["items"]] == ["g20", "g21"]
        assert rest["next_cursor"] is None
