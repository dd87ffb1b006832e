"""Every endpoint answers over the real engine, both of them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from identity_graph.graph import Graph


def _get(client: TestClient, path: str, **parameters: Any) -> Any:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_profile_is_found_by_id_and_by_identifier(client: TestClient) -> None:
    by_id = _get(client, "/v1/customers/c1")
    by_identifier = _get(client, "/v1/customers/by/email/JANE@Mail.test ")
    by_body = client.post("/v1/customers/lookup", json={"namespace": "phone", "value": "01 42 68 53 00"}).json()
    assert by_id["customer"] == by_identifier["customer"] == by_body["customer"]
    assert by_identifier["requested_id"] == "email:jane@mail.test"
    assert by_identifier["other_ids"] == ["c2"]
    assert _get(client, "/v1/customers/c0")["redirected"] is True


def test_the_parts_of_a_customer_come_in_pages(client: TestClient) -> None:
    records = _get(client, "/v1/customers/c1/records", limit=2)
    more = _get(client, "/v1/customers/c1/records", limit=2, cursor=records["next_cursor"])
    assert [record["key"] for record in records["items"] + more["items"]] == ["crm:1", "shop:1", "web:1"]
    assert more["next_cursor"] is None
    assert len(_get(client, "/v1/customers/c1/identifiers")["items"]) == 5
    assert [point["key"] for point in _get(client, "/v1/customers/c1/touchpoints", type=["call", "view"])["items"]] == [
        "view-1", "call-1",
    ]  # fmt: skip
    assert [entry["kind"] for entry in _get(client, "/v1/customers/c1/lineage")["items"]] == ["created", "merged"]


def test_organisations_and_who_belongs_to_them(client: TestClient) -> None:
    acme = {"key": "web:acme", "source": "web", "group_id": "acme", "traits": {"plan": "pro"}}
    assert _get(client, "/v1/organisations/web/acme") == acme
    (own,) = _get(client, "/v1/customers/c0/organisations")["items"]  # it was merged into c1
    assert (own["organisation"], own["count"], own["record_keys"]) == (acme, 4, ["shop:1", "web:1"])
    assert (own["first_seen"][:10], own["last_seen"][:10]) == ("2026-01-01", "2026-02-01")
    first = _get(client, "/v1/organisations/web/acme/members", limit=1)
    then = _get(client, "/v1/organisations/web/acme/members", limit=1, cursor=first["next_cursor"])
    found = [(one["customer"]["id"], one["count"]) for one in first["items"] + then["items"]]
    assert found == [("c1", 4), ("c2", 2)] and then["next_cursor"] is None
    assert _get(client, "/v1/organisations/web/beta%2F1/members")["items"][0]["customer"]["id"] == "c2"
    assert _get(client, "/v1/customers/c3/organisations")["items"] == []
    for path in ("/v1/organisations/web/nobody", "/v1/organisations/web/nobody/members"):
        missing = client.get(path)
        assert (missing.status_code, missing.json()["ids"]) == (404, ["web:nobody"])


def test_the_neighbourhood_of_a_customer(client: TestClient) -> None:
    found = _get(client, "/v1/customers/c0/graph", depth=3)
    assert {"customer:c1", "customer:c2"} <= {node["id"] for node in found["nodes"]}
    assert found["cut"] is False


def test_search_takes_what_is_known(client: TestClient) -> None:
    body = {"attributes": {"full_name": "Jane Doe", "birth_date": "31/01/1980"}}
    hits = client.post("/v1/customers/search", json=body).json()["hits"]
    assert hits[0]["customer"]["id"] == "c1"
    assert {entry["attribute"] for entry in hits[0]["breakdown"]} == {"given_name", "family_name", "birth_date"}


def test_why_answers_in_words_and_parts(client: TestClient) -> None:
    together = _get(client, "/v1/why", left="crm:1", right="web:1")
    assert together["together"] and len(together["chain"]) == 2 and together["weakest"]["strength"] == 12.0
    apart = _get(client, "/v1/why", left="crm:1", right="c2")
    assert apart["obstacles"][0]["kind"] == "unique_conflict"


def test_a_record_is_shown_as_it_is_stored(client: TestClient) -> None:
    record = _get(client, "/v1/records/crm:1")
    assert record["raw"] == {"Name": "Jane"}
    assert record["memberships"][0]["customer_id"] == "c1"


def test_segments_are_listed_counted_and_paged(client: TestClient) -> None:
    names = [segment["name"] for segment in _get(client, "/v1/segments")["items"]]
    assert "households" in names
    for name in names:
        assert _get(client, f"/v1/segments/{name}")["title"]
        total = _get(client, f"/v1/segments/{name}/count")["total"]
        assert len(_get(client, f"/v1/segments/{name}/members")["items"]) == total
    page = _get(client, "/v1/segments/households/members", namespace="email", limit=1)
    assert [member["customer_id"] for member in page["items"]] == ["c1"]


def test_suggestions_name_the_public_record_between_two_customers(client: TestClient, graph: Graph) -> None:
    told = {"left": "crm:1", "right": "crm:3", "via": "web:1", "weight": 8.0, "reason": "identifiers"}
    graph.write("review/put_suggestions", rows=[told])
    (pair,) = _get(client, "/v1/review/suggestions")["items"]
    assert (pair["left"]["customer_id"], pair["right"]["customer_id"], pair["via_key"]) == ("c1", "c3", "web:1")


def test_a_decision_takes_a_pair_off_the_review_and_undoing_brings_it_back(client: TestClient) -> None:
    queue = "/v1/review?low=-20&high=20&placement=apart"
    pair = _get(client, queue)["items"][0]
    body = {"verdict": "cannot", "left": pair["left"]["key"], "right": pair["right"]["key"], "author": "ana"}
    made = client.post("/v1/decisions", json=body)
    assert made.status_code == 201, made.text
    assert pair not in _get(client, queue)["items"]
    assert [entry["id"] for entry in _get(client, "/v1/decisions")["items"]] == [made.json()["id"]]
    undone = client.post(f"/v1/decisions/{made.json()['id']}/undo", json={"author": "ben"})
    assert undone.status_code == 200 and undone.json()["undone_by"]
    assert pair in _get(client, queue)["items"]


def test_rejected_rows_are_listed(client: TestClient) -> None:
    assert _get(client, "/v1/rejected") == {"items": [], "next_cursor": None}


def test_alive_ready_and_metrics(client: TestClient) -> None:
    assert _get(client, "/health")["status"] == "ok"
    assert _get(client, "/ready")["status"] == "ready"
    client.get("/v1/customers/by/email/jane@mail.test")
    text = client.get("/metrics").text
    assert 'identity_graph_nodes{label="SourceRecord"} 6.0' in text
    assert 'route="/v1/customers/by/{namespace}/{value:path}",status="200"' in text
    assert "jane" not in text


@pytest.mark.parametrize("asked", ["abc-123", "bad id with spaces", "x" * 100])
def test_every_response_carries_a_request_id(client: TestClient, asked: str) -> None:
    response = client.get("/v1/customers/nobody", headers={"X-Request-Id": asked})
    given = response.headers["x-request-id"]
    assert (given == asked) == (asked == "abc-123")
    assert response.json()["request_id"] == given
