"""Addresses taken apart, and the parts that come in columns of their own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import Address, NormaliseContext, normalise_value, parse_address
from identity_graph.roles import Role


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10 Downing Street, London SW1A 2AA", Address("Downing Street", "10", None, "SW1A 2AA", "London")),
        ("10 Downing Street London SW1A 2AA", Address("Downing Street", "10", None, "SW1A 2AA", "London")),
        ("221B Baker Street\nLondon\nNW1 6XE", Address("Baker Street", "221B", None, "NW1 6XE", "London")),
        ("Flat 2, 3 High St, Bristol BS1 4DJ, UK", Address("High St", "3", "2", "BS1 4DJ", "Bristol", None, "GB")),
        ("350 5th Ave, New York, NY 10118, USA", Address("5th Ave", "350", None, "10118", "New York", "NY", "US")),
        ("742 Evergreen Terrace #3, Springfield", Address("Evergreen Terrace", "742", "3", None, "Springfield")),
        ("PO Box 123, Springfield, IL 62701", Address("PO Box", "123", None, "62701", "Springfield", "IL")),
        ("1 Some Rd, Toronto, ON M5V 2T6, Canada", Address("Some Rd", "1", None, "M5V 2T6", "Toronto", "ON", "CA")),
        ("3/12 High Street, Sydney NSW 2000", Address("High Street", "12", "3", "2000", "Sydney", "NSW")),
        (
            "Hauptstraße 5, 80331 München, Deutschland",
            Address("Hauptstraße", "5", None, "80331", "München", None, "DE"),
        ),
        ("Hauptstr. 5a 80331 München", Address("Hauptstr.", "5A", None, "80331", "München")),
        ("Postfach 12 34, 8001 Zürich", Address("PO Box", "1234", None, "8001", "Zürich")),
        ("12 rue de la Paix, 75002 Paris, France", Address("rue de la Paix", "12", None, "75002", "Paris", None, "FR")),
        ("Calle Mayor, 5, 28013 Madrid", Address("Calle Mayor", "5", None, "28013", "Madrid")),
        ("Keizersgracht 123, 1015 CJ Amsterdam", Address("Keizersgracht", "123", None, "1015 CJ", "Amsterdam")),
        ("Storgatan 5, 123 45 Stockholm", Address("Storgatan", "5", None, "12345", "Stockholm")),
        ("ul. Marszałkowska 1/5, 00-624 Warszawa", Address("ul. Marszałkowska", "1/5", None, "00-624", "Warszawa")),
        (
            "Rua Augusta 1500, 01304-001 São Paulo, SP",
            Address("Rua Augusta", "1500", None, "01304-001", "São Paulo", "SP"),
        ),
        ("Rose Cottage, High Street, Oxford", Address("High Street", None, None, None, "Oxford")),
        ("17 CLARENCE ROAD", Address("Clarence Road", "17")),
        ("12345 Main St", Address("Main St", "12345")),
        ("London", Address(None, None, None, None, "London")),
        ("", Address()),
    ],
)
def test_an_address_is_taken_apart(text: str, parts: Address) -> None:
    assert parse_address(text) == parts


@settings(max_examples=500, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            ["12", "High Street", ",", "Flat 2", "SW1A 1AA", "80331", "NY", "USA", "PO Box", "/", "-", "#", "No."]
        ),
        max_size=8,
    ).map(" ".join)
)
def test_any_text_has_parts_that_are_none_or_not_empty(text: str) -> None:
    assert all(part is None or part for part in parse_address(text))


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [
        ("sw1a1aa", None, "SW1A 1AA"),
        ("SW1A 1AA", None, "SW1A 1AA"),
        ("m1 1ae", None, "M1 1AE"),
        ("EX341WW", None, "EX34 1WW"),
        ("1012ab", None, "1012 AB"),
        ("NL-1012 AB", None, "1012 AB"),
        ("k1a0b1", None, "K1A 0B1"),
        ("D02AF30", None, "D02 AF30"),
        ("94110", None, "94110"),
        ("941101234", None, "94110-1234"),
        ("94110-1234", None, "94110-1234"),
        ("94110.0", None, "94110"),
        ("D-80331", None, "80331"),
        ("123 45", None, "12345"),
        ("00-950", None, "00-950"),
        ("00950", "PL", "00-950"),
        ("1000001", "JP", "100-0001"),
        ("01310100", "BR", "01310-100"),
        ("2134", "US", "02134"),
        ("2134", "AU", "2134"),
        ("00000", None, None),
        ("xxxx", None, None),
    ],
)
def test_a_postcode_has_the_shape_of_its_country(text: str, country: str | None, value: str | None) -> None:
    assert normalise_value(Role.POSTCODE, text, NormaliseContext(country=country)).value == value


@pytest.mark.parametrize(
    ("role", "text", "value"),
    [
        (Role.CITY, "STOKE-ON-TRENT", "Stoke-on-Trent"),
        (Role.CITY, "renown park", "Renown Park"),
        (Role.CITY, "frankfurt am main", "Frankfurt am Main"),
        (Role.CITY, "São Paulo", "São Paulo"),
        (Role.CITY, "МОСКВА", "Москва"),
        (Role.REGION, "nsw", "NSW"),
        (Role.REGION, "bayern", "Bayern"),
        (Role.STREET, "wattle street", "Wattle Street"),
        (Role.STREET, "5TH AVENUE", "5th Avenue"),
        (Role.HOUSE_NUMBER, "12 b", "12B"),
        (Role.HOUSE_NUMBER, "No. 12", "12"),
        (Role.HOUSE_NUMBER, "12.0", "12"),
        (Role.HOUSE_NUMBER, "12 - 14", "12-14"),
        (Role.HOUSE_NUMBER, "0", None),
    ],
)
def test_parts_of_an_address_have_one_form(role: Role, text: str, value: str | None) -> None:
    assert normalise_value(role, text, NormaliseContext()).value == value
