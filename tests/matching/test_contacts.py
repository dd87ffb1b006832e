"""A household shares its contacts together: the second one shared says little more about who is who."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest

from identity_graph.matching.contact_comparisons import EMAIL, PHONE
from identity_graph.matching.estimation import Estimate, contact_bits
from identity_graph.matching.features import learn_features
from identity_graph.roles import Role


def _estimate(one: list[float], near: list[float]) -> Estimate:
    return Estimate(
        m=tuple((share, 1 - share) for share in one),
        u=((0.01, 0.99),) * len(one),
        prior=0.001,
        shared=tuple((share, 1 - share) for share in near),
        neighbours=0.001,
    )


@pytest.mark.parametrize(
    ("one", "near", "expected"),
    [
        pytest.param([0.8, 0.8], [0.1, 0.025], 2.0, id="three and five bits count six"),
        pytest.param([0.8, 0.8], [0.025, 0.1], 2.0, id="in either order"),
        pytest.param([0.8, 0.8], [0.4, 0.025], 0.0, id="one bit is not made less"),
        pytest.param([0.8, 0.8], [0.9, 0.9], 0.0, id="shared by all neighbours"),
    ],
)
def test_only_the_contact_that_says_most_counts_in_full(one: list[float], near: list[float], expected: float) -> None:
    assert contact_bits([EMAIL, PHONE], _estimate(one, near)) == pytest.approx(expected)


def test_what_is_no_contact_adds_nothing() -> None:
    assert contact_bits([EMAIL, replace(PHONE, contact=False)], _estimate([0.8, 0.8], [0.1, 0.1])) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        pytest.param("wei.li50@mail.test", "wei.li79@post.test", False, id="a number apart"),
        pytest.param("wei.li1985@mail.test", "wei.li1962@mail.test", False, id="a year apart"),
        pytest.param("shams.din15@mail.test", "shams.din15@post.test", True, id="same local part"),
        pytest.param("wei.gardening@mail.test", "wei.gardenign@mail.test", True, id="a typing error"),
    ],
)
def test_addresses_made_of_a_name_say_nothing_of_namesakes(one: str, other: str, says: bool) -> None:
    assert _says(one, other) is says


def _says(one: str, other: str) -> bool:
    """Say whether two records of one name agree on more than that by their addresses."""
    given, family = one.partition("@")[0].rstrip("0123456789").split(".")
    rows = [{"source": "crm", "given_name": given, "family_name": family, "email": email} for email in (one, other)]
    table = pa.Table.from_pylist(rows)
    roles = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "email": Role.EMAIL}
    features = learn_features(table, roles)[1].select(list(EMAIL.columns)).to_pylist()
    left, right = ([f"{column}_{side}" for column in EMAIL.columns] for side in "lr")
    with duckdb.connect() as connection:
        names = ", ".join(f"?::varchar as {name}" for name in (*left, *right))
        values = [features[row][column] for row in (0, 1) for column in EMAIL.columns]
        found = connection.execute(f"select {EMAIL.case_statement} from (select {names})", values).fetchall()
    return 0 <= found[0][0] < len(EMAIL.levels)
