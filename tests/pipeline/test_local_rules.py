"""With a model given, who is who among some records depends on the records they have links with only."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.matching import MatchingOptions, MatchModel
from identity_graph.pipeline.linking import Linked, LinkingOptions, link_records
from identity_graph.pipeline.stages import Stages
from identity_graph.roles import Role
from identity_graph.tables import RECORD_SCHEMA, Table

_ROLES = {
    "given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "full_name": Role.FULL_NAME, "email": Role.EMAIL,
    "phone": Role.PHONE, "account": Role.USER_ID,
}  # fmt: skip
_OPTIONS = LinkingOptions(matching=MatchingOptions(threads=1))
_GIVEN = ("Ada", "Bo", "Cy", "Dee", "Eve", "Flo")
_FAMILY = ("Lee", "Kaur", "Moss", "Nash", "Ortiz", "Pugh")

_SAID = st.fixed_dictionaries(
    {
        "source": st.sampled_from(("crm", "shop", "web")),
        "given_name": st.none() | st.sampled_from(_GIVEN),
        "family_name": st.none() | st.sampled_from(_FAMILY),
        "full_name": st.none() | st.sampled_from([f"{one} {other}" for one in _GIVEN for other in _FAMILY]),
        "email": st.none() | st.sampled_from([f"m{number}@mail.test" for number in range(6)]),
        "phone": st.none() | st.sampled_from([f"+49301{number:06d}" for number in range(6)]),
        "account": st.none() | st.none() | st.sampled_from([f"u{number}" for number in range(4)]),
        "devices": st.sets(st.sampled_from([f"d{number}" for number in range(3)]), max_size=2),
    }
)


_SOMEBODY = {"source": "app", "given_name": "Zed", "family_name": "Zorn", "full_name": None, "email": None,
             "phone": "+49309999999", "account": None, "devices": set[str]()}  # fmt: skip
"""In every table, because a model refuses records that say nothing it compares."""


def _table(rows: list[dict[str, object]]) -> Table:
    records = []
    for number, row in enumerate(rows):
        held = {"email": row["email"], "phone": row["phone"], "user_id": row["account"]}
        identifiers = [{"namespace": name, "value": value} for name, value in held.items() if value]
        identifiers += [{"namespace": "device_id", "value": value} for value in sorted(row["devices"])]  # type: ignore[call-overload]
        fixed = {"key": f"{row['source']}:{number:03d}", "record_id": str(number), "observed_at": None, "raw": "{}"}
        records.append({**row, **fixed, "grows": False, "identifiers": identifiers})
    schema = pa.schema([*RECORD_SCHEMA, *(pa.field(name, pa.string()) for name in _ROLES)])
    return pa.Table.from_pylist(sorted(records, key=lambda one: str(one["key"])), schema=schema)


def _linked(records: Table, model: MatchModel | None) -> Linked:
    return link_records(records, _ROLES, (), model, _OPTIONS, Stages())


@cache
def _model() -> MatchModel:
    people = [
        {"source": source, "given_name": _GIVEN[number % 6], "family_name": _FAMILY[number // 6 % 6],
         "full_name": None, "email": f"m{number}@mail.test", "phone": f"+49301{number:06d}",
         "account": None, "devices": {f"d{number // 9}"}}
        for number in range(36) for source in ("crm", "shop")
    ]  # fmt: skip
    return _linked(_table(people), None).model  # type: ignore[arg-type]


def _closed(found: Linked, records: Table) -> list[int]:
    """Number the groups of records that no link and no shared identifier leaves."""
    links, holders = found.link_set.links, found.shared.table
    ends = (
        [*links.left.tolist(), *holders.row.tolist()],
        [*links.right.tolist(), *(holders.code + records.num_rows).tolist()],
    )
    size = records.num_rows + len(holders.namespace)
    graph = coo_array(([1] * len(ends[0]), ends), shape=(size, size))
    labels: list[int] = connected_components(graph, directed=False)[1].tolist()
    return labels[: records.num_rows]


@settings(max_examples=30)
@given(st.lists(_SAID, max_size=40), st.data())
def test_records_whose_links_stay_among_them_are_clustered_alone_as_among_all(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    records = _table([*rows, _SOMEBODY])
    everything = _linked(records, _model())
    group = _closed(everything, records)
    wanted = data.draw(st.sets(st.sampled_from(sorted(set(group)))))
    wanted.add(group[0])  # the record of the source `app`
    chosen = [row for row in range(records.num_rows) if group[row] in wanted]
    alone = _linked(records.take(chosen), _model())
    assert [chosen[label] for label in alone.labels.tolist()] == everything.labels[chosen].tolist()
    assert alone.membership.tolist() == everything.membership[chosen].tolist()
    assert {one.key for one in alone.quarantined} <= {one.key for one in everything.quarantined}


def test_a_model_keeps_the_rules_its_records_taught() -> None:
    model = _model()
    assert model.people_limits.keys() == {"device_id", "email", "phone"}
    assert min(model.people_limits.values()) >= 8
    assert model.largest_group > 2
