"""Reading customers: profiles, their pages and what lies around them."""

from __future__ import annotations

import pytest

from identity_graph.customers.neighbourhood import read_neighbourhood
from identity_graph.customers.read import CustomerReader, identifier_spellings
from identity_graph.errors import ConflictError, InvalidSettingError, NotFoundError
from identity_graph.graph import Graph, Row
from identity_graph.normalise import NormaliseContext
from tests.customers.seed import AT, fill


@pytest.fixture
def reader(graph: Graph) -> CustomerReader:
    fill(graph)
    return CustomerReader(graph, default_region="FR")


class _CountingGraph:
    """Passes reads on and counts them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.reads = 0

    def read(self, query: str, **parameters: object) -> list[Row]:
        self.reads += 1
        return self._graph.read(query, **parameters)


def test_a_profile_has_golden_values_records_and_identifiers(reader: CustomerReader) -> None:
    profile = reader.profile("c1")
    assert not profile.redirected
    assert profile.customer.attributes["family_name"] == "Doe"
    assert profile.customer.provenance["family_name"]["record_key"] == "crm:1"
    assert [record.key for record in profile.records] == ["crm:1", "shop:1", "web:1"]
    held = {identifier.key: identifier for identifier in profile.identifiers}
    assert held["email:jane@mail.test"].record_keys == ("crm:1", "shop:1")
    assert held["device_id:tablet"].status == "quarantined"
    assert held["email:jd@work.test"].first_seen == AT


def test_a_retired_id_answers_with_its_successor_and_says_so(reader: CustomerReader) -> None:
    profile = reader.profile("c0")
    assert (profile.requested_id, profile.redirected, profile.customer.id) == ("c0", True, "c1")
    assert [entry.kind for entry in reader.lineage("c0").items] == ["created", "created", "merged"]
    merged = {"survivor": "c1", "absorbed": [{"id": "c0", "records": ["web:1"]}]}
    assert [entry.data for entry in reader.lineage("c1").items][-1] == merged


def test_an_id_never_given_out_is_not_found(reader: CustomerReader) -> None:
    for ask in (reader.profile, reader.records, reader.touchpoints, reader.lineage, reader.record):
        with pytest.raises(NotFoundError):
            ask("nobody")


@pytest.mark.parametrize(
    ("namespace", "value"),
    [("email", "JANE@Mail.test "), ("email", "jane@mail.test"), ("phone", "01 42 68 53 00"), ("user_id", "u-1")],
)
def test_an_identifier_is_found_however_it_is_written(reader: CustomerReader, namespace: str, value: str) -> None:
    assert reader.profile_by_identifier(namespace, value).customer.id == "c1"


def test_a_shared_identifier_gives_the_closest_customer_and_names_the_others(reader: CustomerReader) -> None:
    profile = reader.profile_by_identifier("email", "jane@mail.test")
    assert (profile.customer.id, profile.other_ids) == ("c1", ("c2",))


def test_a_user_is_found_before_the_devices_that_others_used_too(graph: Graph, reader: CustomerReader) -> None:
    def seen(record_key: str, value: str, last_seen: str) -> dict[str, object]:
        return {"record_key": record_key, "key": f"user_id:{value}", "namespace": "user_id", "value": value,
                "first_seen": AT, "last_seen": last_seen, "count": 9}  # fmt: skip

    later = "2026-05-01T00:00:00.000000Z"
    rows = [seen("crm:3", "u-1", later), seen("crm:3", "u-2", later), seen("crm:2", "u-9", later)]
    graph.write("facts/add_identifiers", rows=rows)
    assert reader.profile_by_identifier("user_id", "u-1").customer.id == "c1"  # crm:1 has no other user
    own = {"key": "web:user_id=u-2", "source": "web", "record_id": "user_id=u-2", "seq": 20, "content_hash": "0",
           "deleted": False, "raw": "{}"}  # fmt: skip
    graph.write("facts/create_records", rows=[{"properties": own, "identifiers": [seen("web:user_id=u-2", "u-2", AT)]}])
    opened = [{"record_key": "web:user_id=u-2", "customer_id": "c1", "cause": "run 1", "certainty": 0.9}]
    graph.write("customers/open_memberships", rows=opened, at=AT)
    assert reader.profile_by_identifier("user_id", "u-2").customer.id == "c1"


def test_a_profile_by_identifier_is_one_round_trip(graph: Graph) -> None:
    fill(graph)
    counting = _CountingGraph(graph)
    CustomerReader(counting).profile_by_identifier("email", "jane@mail.test")  # type: ignore[arg-type]
    assert counting.reads == 1


def test_an_identifier_that_stands_for_nobody_says_why(reader: CustomerReader) -> None:
    with pytest.raises(ConflictError, match="quarantined"):
        reader.profile_by_identifier("device_id", "tablet")
    with pytest.raises(NotFoundError):
        reader.profile_by_identifier("email", "nobody@mail.test")
    with pytest.raises(InvalidSettingError):
        reader.profile_by_identifier("a:b", "c")


def test_an_identifier_of_records_that_wait_for_the_next_run_says_so(graph: Graph, reader: CustomerReader) -> None:
    seen = {"namespace": "email", "first_seen": AT, "last_seen": AT, "count": 1}
    rows = [{"record_key": "crm:9", "key": "email:zoe@mail.test", "value": "zoe@mail.test", **seen}]
    graph.write("facts/add_identifiers", rows=rows)
    with pytest.raises(NotFoundError, match="crm:9, which is not resolved yet") as found:
        reader.profile_by_identifier("email", "zoe@mail.test")
    assert "identity-graph resolve" in str(found.value.next_step)


def test_spellings_start_with_the_canonical_one() -> None:
    spellings = identifier_spellings("email", " JANE@Mail.test ", NormaliseContext())
    assert spellings == ["email:jane@mail.test", "email:JANE@Mail.test"]
    assert identifier_spellings("newsletter", " A1 ", NormaliseContext()) == ["newsletter:A1"]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_show_everything_once_in_order(reader: CustomerReader, limit: int) -> None:
    def all_of(ask, key) -> list[str]:
        found, cursor = [], None
        while True:
            page = ask("c1", cursor=cursor, limit=limit)
            found += [key(item) for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found

    assert all_of(reader.records, lambda record: record.key) == ["crm:1", "shop:1", "web:1"]
    # Newest first; the same time by key; no time last.
    assert all_of(reader.touchpoints, lambda point: point.key) == ["view-1", "order-2", "order-1", "call-1"]
    assert all_of(reader.identifiers, lambda held: held.key) == sorted(
        ["email:jane@mail.test", "email:jd@work.test", "phone:+33142685300", "user_id:u-1", "device_id:tablet"]
    )
    assert all_of(reader.lineage, lambda entry: entry.kind) == ["created", "merged"]


def test_touchpoints_can_be_narrowed_to_types(reader: CustomerReader) -> None:
    page = reader.touchpoints("c1", types=["order"])
    assert (page.items[0].key, page.items[0].properties) == ("order-2", {"total": "9.90"})
    assert {point.type for point in page.items} == {"order"}


def test_a_touchpoint_is_of_whoever_held_the_device_at_that_time(graph: Graph, reader: CustomerReader) -> None:
    held = [{"key": "view-1", "record_key": "crm:2"}, {"key": "order-1", "record_key": "crm:1"}]
    graph.write("facts/hold_touchpoints", rows=held)
    assert [point.key for point in reader.touchpoints("c2").items] == ["view-2", "view-1"]
    assert [point.key for point in reader.touchpoints("c1").items] == ["order-2", "order-1", "call-1"]
    assert [point.record_key for point in reader.touchpoints("c1", types=["order"]).items] == ["shop:1", "crm:1"]
    graph.write("facts/release_touchpoints", rows=held)
    assert [point.key for point in reader.touchpoints("c1").items] == ["view-1", "order-2", "order-1", "call-1"]


def test_a_record_shows_where_it_belonged(reader: CustomerReader) -> None:
    record = reader.record("web:1")
    assert [(entry.customer_id, entry.until is None) for entry in record.memberships] == [("c0", False), ("c1", True)]
    assert record.raw == {"Name": "J"}
    assert [held.key for held in record.identifiers] == ["email:jd@work.test"]


@pytest.mark.parametrize("cursor", ["%%%", "bm90IGpzb24", "WzFd"])
def test_a_cursor_of_another_list_is_refused(reader: CustomerReader, cursor: str) -> None:
    with pytest.raises(InvalidSettingError, match="cursor"):
        reader.records("c1", cursor=cursor)


@pytest.mark.parametrize(
    ("depth", "kinds"),
    [
        (1, {"customer:c1", "record:crm:1", "record:shop:1", "record:web:1"}),
        (2, {"identifier:email:jane@mail.test", "identifier:device_id:tablet"}),
        (3, {"record:crm:2", "customer:c2"}),
    ],
)
def test_each_step_of_the_neighbourhood_adds_its_kind(
    reader: CustomerReader, graph: Graph, depth: int, kinds: set[str]
) -> None:
    found = read_neighbourhood(graph, "c1", depth)
    assert kinds <= {node.id for node in found.nodes}
    assert not found.cut
    assert {edge.source for edge in found.edges} | {edge.target for edge in found.edges} <= {n.id for n in found.nodes}


def test_a_quarantined_identifier_is_shown_but_not_followed(reader: CustomerReader, graph: Graph) -> None:
    found = read_neighbourhood(graph, "c1", 3)
    assert "identifier:device_id:tablet" in {node.id for node in found.nodes}
    assert "customer:c3" not in {node.id for node in found.nodes}


def test_a_neighbourhood_says_when_it_was_cut(reader: CustomerReader, graph: Graph) -> None:
    found = read_neighbourhood(graph, "c1", 3, limit=3)
    assert found.cut
    assert len(found.nodes) == 3
    with pytest.raises(InvalidSettingError):
        read_neighbourhood(graph, "c1", 4)
