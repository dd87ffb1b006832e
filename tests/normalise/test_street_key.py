"""Streets written in many ways have one comparison form; different streets keep different ones."""

from __future__ import annotations

import pytest

from identity_graph.normalise import street_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("58th Street", "58TH ST."),
        ("58th St. near Park Ave.", "58th St"),
        ("747 Ninth Ave.", "747 9th Ave. between 50th and 51st Sts."),
        ("Las Vegas Boulevard South", "Las Vegas Blvd. S."),
        ("Hauptstraße", "Hauptstr."),
        ("Berliner Straße", "Berliner Str."),
        ("Alexanderplatz", "Alexanderpl"),
        ("Saint John's Road", "St. Johns Rd"),
        ("Avenida de América", "Avda de America"),
        ("Low Meadow Lane off High Street", "low meadow ln"),
    ],
)
def test_ways_to_write_one_street_meet(one: str, other: str) -> None:
    assert street_key(one) == street_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Street", "South Street"),
        ("5th Street", "5th Avenue"),
        ("High Street", "High Road"),
        ("Near Lane", "Far Lane"),
        ("1st Avenue", "2nd Avenue"),
    ],
)
def test_different_streets_stay_apart(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


def test_a_description_alone_is_the_street() -> None:
    assert street_key("near the church") == "near the church"


@pytest.mark.parametrize("text", ["", " ", "---"])
def test_nothing_stays_nothing(text: str) -> None:
    assert street_key(text) == ""
