"""The short cut for whole columns says the same as reading value by value, near every shape it knows."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, normalise_column, normalise_value
from identity_graph.normalise.quick_columns import quick_column
from identity_graph.roles import Role

NAMES = (
    r"[A-Za-z]{1,6}([ '.-][A-Za-z]{0,6}){0,3}|(Mc|MC|mc)[a-zA-Z]{0,5}|[IVXivx]{1,4}|(van|VON|de) [a-zA-Z]{2,5}"
    r"|(Null|NULL|n-a|N'A|Not-Available|No Name|foo-bar|Test|First Name|X-x|xXx|test|anonymous|n a)"
)
STREETS = (
    NAMES + r"|[0-9]{1,3}[a-zA-Z]? ?[A-Za-z.]{1,8}( [A-Za-z,.'#&/-]{1,6}){0,2}( [0-9]{1,3}(st|TH)?)?|[0-9x ./-]{1,8}"
)
DATES = (
    r"(0001|1[0-9]{3}|20[0-9]{2}|2999|9999)-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])( ?|[T ][0-2][0-9]:[0-6][0-9]"
    r"(:[0-6][0-9](\.[0-9]{1,7})?)?Z?(\+01:00)?)"
)
POSTCODES = (
    r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}|[0-9]{4} ?[A-Za-z]{2}|[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]"
    r"|[0-9]{3,9}|[0-9]{5}-[0-9]{4}|[09]{4,6}|([1-9])\1{3,7}|[0-9 -]{3,9}|[A-Z]-[0-9]{4}|x{3,5}"
)
CONTEXTS = [
    NormaliseContext(country=country, reference_year=year, placeholder_dates=frozenset({"1900-01-01"}))
    for country in (None, "US", "DE", "GB", "PL", "JP", "BR", "NL")
    for year in (1999, 2026)
]


@pytest.mark.parametrize(
    ("roles", "pattern"),
    [
        ((Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.CITY, Role.PLACE), NAMES),
        ((Role.ADDRESS, Role.STREET), STREETS),
        ((Role.BIRTH_DATE, Role.OBSERVED_AT), DATES),
        ((Role.POSTCODE,), POSTCODES),
    ],
)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_column_of_usual_shapes_is_its_values(roles: tuple[Role, ...], pattern: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.from_regex(pattern, fullmatch=True), min_size=1, max_size=20))
    context = data.draw(st.sampled_from(CONTEXTS))
    for role in roles:
        values, problems = normalise_column(role, pa.array(texts), context)
        expected = [normalise_value(role, text, context) for text in texts]
        assert values.to_pylist() == [answer.value for answer in expected]
        assert problems.to_pylist() == [answer.problem for answer in expected]


@pytest.mark.parametrize(
    ("role", "text"),
    [
        (Role.GIVEN_NAME, "Anna"),
        (Role.FAMILY_NAME, "O'BRIEN-Smith"),
        (Role.CITY, "LEEDS"),
        (Role.ADDRESS, "221B Baker Street"),
        (Role.BIRTH_DATE, "1980-02-03"),
        (Role.OBSERVED_AT, "2024-01-02T03:04:05.678Z"),
        (Role.POSTCODE, "sw1a1aa"),
        (Role.POSTCODE, "10115"),
    ],
)
def test_usual_values_take_the_short_cut(role: Role, text: str) -> None:
    quick = quick_column(role, pa.array([text]), NormaliseContext())
    assert quick is not None
    assert quick.to_pylist() == [normalise_value(role, text, NormaliseContext()).value]
