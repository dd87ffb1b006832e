"""The forms that only comparisons use: folding, companies, nicknames, sounds; and the first cleaning of any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import (
    NormaliseContext,
    company_key,
    fold,
    is_placeholder,
    looks_like_company,
    nickname_groups,
    normalise_value,
    phonetic,
)
from identity_graph.normalise.cleaning import repair_mojibake, tidy
from identity_graph.roles import Role


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Jürgen Müller", "jurgen muller"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Smith-Jones", "smith jones"),
        ("Сергей Иванов", "sergey ivanov"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("J.R.R.  Tolkien", "j r r tolkien"),
        ("Ærø", "aero"),
        ("", ""),
        ("--", ""),
        ("Γιώργος", "giorgos"),
    ],
)
def test_folding_keeps_what_spellings_share(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded == folded.lower()


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("MÃ¼ller", "Müller"),
        ("JosÃ©", "José"),
        ("Å\u0081Ã³dÅº", "Łódź"),
        ("Oâ€™Brien", "O’Brien"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("Müller", "Müller"),
        ("CAFÉ™", "CAFÉ™"),
        ("Ångström", "Ångström"),
        ("Ä“", "Ä“"),
    ],
)
def test_mojibake_is_repaired_only_where_it_is_certain(text: str, repaired: str) -> None:
    assert repair_mojibake(text) == repaired


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\n", "a b"),
        ("a\u00a0b", "a b"),
        ("e\u0301", "é"),
        ("\ufeffid", "id"),
        ("a\u200bb", "ab"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_tidy_text_has_single_spaces_and_no_invisible_characters(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "key", "is_company"),
    [
        ("Müller & Söhne GmbH & Co. KG", "muller and sohne", True),
        ("The Acme Corp.", "acme", True),
        ("AKZO NOBEL N.V.", "akzo nobel", True),
        ("Philips Electronics N V", "philips electronics", True),
        ("Marks & Spencer plc", "marks and spencer", True),
        ("ООО Ромашка", "romashka", True),
        ("Foo S.p.A.", "foo", True),
        ("Ltd", "ltd", True),
        ("Stichting Het Fonds", "stichting het fonds", True),
        ("John Smith", "john smith", False),
        ("Hans Ag", "hans", False),
        ("John & Mary Smith", "john and mary smith", False),
        ("", "", False),
    ],
)
def test_a_company_is_compared_without_its_legal_form(text: str, key: str, is_company: bool) -> None:
    assert company_key(text) == key
    assert looks_like_company(text) is is_company


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("bill", "william"),
        ("bob", "robert"),
        ("peggy", "margaret"),
        ("dick", "richard"),
        ("liz", "elizabeth"),
        ("kate", "catherine"),
        ("hans", "johannes"),
        ("sepp", "josef"),
        ("pepe", "jose"),
        ("paco", "francisco"),
        ("sasha", "aleksandr"),
        ("beppe", "giuseppe"),
        ("misha", "mikhail"),
        ("kees", "cornelis"),
        ("jack", "john"),
        ("mohamed", "muhammad"),
    ],
)
def test_a_nickname_shares_a_family_with_its_name(left: str, right: str) -> None:
    assert set(nickname_groups(left)) & set(nickname_groups(right))


def test_a_nickname_of_two_names_is_in_both_families_and_an_unknown_name_in_none() -> None:
    assert nickname_groups("alex") == ("alexander", "alexandra")
    assert nickname_groups("zaphod") == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("smith", "smyth"),
        ("meier", "mayer"),
        ("schmidt", "schmitt"),
        ("philip", "filip"),
        ("catherine", "kathryn"),
        ("knight", "night"),
        ("wright", "right"),
        ("thompson", "tomson"),
        ("macdonald", "mcdonald"),
        ("wagner", "vagner"),
        ("stephen", "steven"),
        ("geoffrey", "jeffrey"),
        ("van der berg", "vanderberg"),
        ("müller", "muller"),
        ("jackson", "jaxon"),
    ],
)
def test_spellings_that_sound_alike_have_one_code(left: str, right: str) -> None:
    assert phonetic(left) == phonetic(right) != ""


@pytest.mark.parametrize(("left", "right"), [("smith", "jones"), ("anna", "maria"), ("berg", "bell"), ("lee", "ray")])
def test_names_that_sound_different_have_different_codes(left: str, right: str) -> None:
    assert phonetic(left) != phonetic(right)


@given(st.text(max_size=40))
def test_a_code_is_at_most_eight_letters(text: str) -> None:
    assert len(phonetic(text)) <= 8


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("0", Role.NUMBER, False),
        ("0000", Role.LOYALTY_CARD, True),
        ("99999", Role.POSTCODE, True),
        ("-1", Role.USER_ID, True),
        ("None", Role.FAMILY_NAME, False),
        ("none", Role.FAMILY_NAME, True),
        ("n.a.", None, True),
        ("test@test.com", None, True),
        ("0000", None, True),
        ("xxx", None, True),
        ("X", Role.GIVEN_NAME, False),
        ("test", Role.TEXT, False),
        ("", Role.RECORD_ID, True),
    ],
)
def test_a_placeholder_depends_on_the_role(text: str, role: Role | None, expected: bool) -> None:
    assert is_placeholder(text, role) is expected


@pytest.mark.parametrize(
    ("role", "text", "value", "problem"),
    [
        (Role.NUMBER, "1234.50", "1234.5", None),
        (Role.NUMBER, "1.234,50 €", "1234.5", None),
        (Role.NUMBER, "$1,234.50", "1234.5", None),
        (Role.NUMBER, "1,234", "1234", None),
        (Role.NUMBER, "12,5", "12.5", None),
        (Role.NUMBER, "(12.5)", "-12.5", None),
        (Role.NUMBER, "0", "0", None),
        (Role.NUMBER, "-0.0", "0", None),
        (Role.NUMBER, "1e3", "1000", None),
        (Role.NUMBER, "CHF 1'234.50", "1234.5", None),
        (Role.NUMBER, "12%", "12", None),
        (Role.NUMBER, "twelve", None, "unreadable_number"),
        (Role.LATITUDE, "51.5074", "51.5074", None),
        (Role.LATITUDE, "51,5074", "51.5074", None),
        (Role.LATITUDE, "0.0", None, None),
        (Role.LATITUDE, "91", None, "impossible_coordinate"),
        (Role.LONGITUDE, "-180", "-180", None),
        (Role.LONGITUDE, "0°7'39\"W", "-0.1275", None),
        (Role.LATITUDE, "north", None, "unreadable_coordinate"),
    ],
)
def test_numbers_are_plain_decimals(role: Role, text: str, value: str | None, problem: str | None) -> None:
    answer = normalise_value(role, text, NormaliseContext())
    assert (answer.value, answer.problem) == (value, problem)
