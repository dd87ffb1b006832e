"""Plans: every new group gets a customer, and what each change set says adds up to the membership."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from identity_graph.customers.plan import PlanInput, plan_customers
from identity_graph.customers.regroup import regroup
from identity_graph.customers.store import MEMBERSHIP_SCHEMA, CustomerStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.roles import Role

_KEYS = ["crm:1", "crm:2", "crm:3"]
_RECORDS = pa.table(
    {
        "key": _KEYS,
        "observed_at": pa.array([1, 2, None], pa.timestamp("us", tz="UTC")),
        "email": ["old@mail.test", "new@mail.test", None],
    }
)


def test_the_first_plan_creates_a_customer_of_each_group(embedded_graph: BoltGraph) -> None:
    labels = np.array([0, 0, 2], np.int32)
    regrouping = regroup(
        _RECORDS["key"].combine_chunks(), labels, MEMBERSHIP_SCHEMA.empty_table(), np.ones(3, dtype=np.bool_)
    )
    certainty = np.array([0.7, 0.7, 1.0])
    membership = np.array([0.9, 0.7, 1.0])
    given = PlanInput(
        _RECORDS, {"email": Role.EMAIL}, certainty, membership, regrouping, 1, "2026-01-01T00:00:00Z", True
    )
    plan = plan_customers(CustomerStore(embedded_graph), given)
    assert (plan.total, plan.changes) == (2, {"created": 2})
    membership = plan.membership()
    assert membership[0] == membership[1] != membership[2]
    ((count, change_set),) = plan.change_sets()
    assert count == 2
    assert {row["record_key"]: row["customer_id"] for row in change_set.opened} == dict(
        zip(_KEYS, membership, strict=True)
    )
    assert (list(change_set.closed), list(change_set.retired)) == ([], [])
    customers = {row["id"]: row["properties"] for row in change_set.customers}
    both = customers[membership[0]]
    assert (both["email"], both["record_count"], both["certainty"]) == ("new@mail.test", 2, 0.7)
    provenance = json.loads(both["provenance"])["email"]
    assert (provenance["record_key"], provenance["lost"]) == ("crm:2", [["old@mail.test", "crm:1"]])
    assert "email" not in customers[membership[2]]


def test_a_customer_says_the_same_in_whatever_order_sources_told_their_roles(embedded_graph: BoltGraph) -> None:
    records = _RECORDS.append_column("city", pa.array(["Rome", None, "Oslo"]))
    labels, ones = np.array([0, 0, 2], np.int32), np.ones(3)
    regrouping = regroup(
        records["key"].combine_chunks(), labels, MEMBERSHIP_SCHEMA.empty_table(), np.ones(3, dtype=np.bool_)
    )
    said = []
    for names in (("email", "city"), ("city", "email")):
        roles = {name: Role(name) for name in names}
        given = PlanInput(records, roles, ones, ones, regrouping, 1, "2026-01-01T00:00:00Z", True)
        ((_, change_set),) = plan_customers(CustomerStore(embedded_graph), given).change_sets()
        said.append([dict(row["properties"]) for row in change_set.customers])
    assert said[0] == said[1] and json.loads(said[0][0]["provenance"])["city"]["record_key"] == "crm:1"
