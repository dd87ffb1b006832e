"""Mapping files: every mistake is named with its line, and what is written reads back the same."""

from __future__ import annotations

import pytest

from identity_graph.errors import InvalidMappingError
from identity_graph.roles import RESERVED_NAMES, Role
from identity_graph.sources import mapping_from_text, mapping_to_text
from identity_graph.sources.mapping import ColumnMapping, name_attributes

EVENTS = """
source: web
record_id: anonymous_id
grows: true
columns:
  anonymous_id: anonymous_id
  user_id: user_id
  mail: {role: email, attribute: contact, namespace: email}
  url: ignore
touchpoint: {id: message_id, at: sent_at, type_column: event, channel: web}
"""


def test_a_mapping_reads_back_as_it_was_written() -> None:
    mapping = mapping_from_text(EVENTS)
    assert mapping_from_text(mapping_to_text(mapping)) == mapping
    assert mapping.attribute_roles() == {
        "anonymous_id": Role.ANONYMOUS_ID, "contact": Role.EMAIL, "user_id": Role.USER_ID
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "columns:\n  a: given_nam\n",
            "line 2: column 'a' has the unknown role 'given_nam'. Did you mean 'given_name'",
        ),
        ("recordid: a\ncolumns: {a: text}\n", "line 1: there is no 'recordid'. Did you mean 'record_id'"),
        ("columns:\n  a: {role: text, attribute: key}\n", "line 2: the attribute 'key'"),
        ("columns:\n  a: {role: text, attribute: x}\n  b: {role: text, attribute: x}\n", "both called 'x'"),
        ("columns: [", "no YAML"),
        ("just text", "no mapping"),
        ("source: 'a:b'\ncolumns: {a: text}\n", "source name"),
    ],
)
def test_mistakes_are_named(text: str, said: str) -> None:
    with pytest.raises(InvalidMappingError) as raised:
        mapping_from_text(text)
    assert said in str(raised.value)


@pytest.mark.parametrize(("written", "read"), [("a", "a"), ("[a]", "a"), ("[a, b]", ("a", "b")), ("[]", None)])
def test_the_record_id_is_one_column_or_several(written: str, read: str | tuple[str, ...] | None) -> None:
    text = f"record_id: {written}\ncolumns: {{a: anonymous_id, b: user_id}}\n"
    if read is None:
        with pytest.raises(InvalidMappingError, match="record_id"):
            mapping_from_text(text)
        return
    mapping = mapping_from_text(text)
    assert mapping.record_id == read
    assert mapping_from_text(mapping_to_text(mapping)) == mapping


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_no_column_gets_a_name_that_records_or_customers_go_by(name: str) -> None:
    named = name_attributes({name.title(): ColumnMapping(Role.TEXT)})
    assert named[name.title()].attribute == f"{name}_value"
    with pytest.raises(InvalidMappingError, match="is taken or not lower snake case"):
        mapping_from_text(f"columns: {{x: {{role: text, attribute: {name}}}}}")


def test_a_namespace_may_be_called_as_a_field_of_a_customer() -> None:
    mapping = mapping_from_text("columns: {x: {role: account_id, namespace: status}}")
    assert mapping.columns["x"].namespace == "status"
