"""Whole columns and single values: every role, blanks, idempotence, and a column equal to its values."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, normalise_column, normalise_value
from identity_graph.roles import Role

CONTEXTS = (
    NormaliseContext(),
    NormaliseContext("GB", True, "GB"),
    NormaliseContext("US", False, "US", excel_serials=True),
    NormaliseContext("DE", True, "PL"),
)
FRAGMENTS = st.sampled_from(
    [
        "van der",
        "O'Brien",
        "MÜLLER",
        "MÃ¼ller",
        "Ð˜Ð²Ð°Ð½",
        "Сергей",
        "王小明",
        "İstanbul",
        "Jr.",
        "1980",
        "05",
        "12",
        "/",
        "-",
        ".",
        ",",
        " ",
        "+44",
        "0",
        "161 496 0123",
        "(0)",
        "ext 5",
        "@",
        "gmail.com",
        "müller.de",
        "€",
        "°",
        "'",
        "May",
        "März",
        "T10:00:00Z",
        "PM",
        "SW1A 1AA",
        "n/a",
        "NULL",
        "x",
        "**",
        ";",
        "|",
        "\n",
        "\u200b",
        "\ufeff",
        "E",
        "-0",
        "e5",
        "St",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(FRAGMENTS, max_size=6).map("".join),
    st.from_regex(r"[0-9 .,/+:-]{1,22}", fullmatch=True),
)


@pytest.mark.parametrize("role", list(Role))
@settings(max_examples=150, deadline=None)
@given(text=TEXTS, context=st.sampled_from(CONTEXTS))
def test_a_canonical_value_normalises_to_itself(role: Role, text: str, context: NormaliseContext) -> None:
    first = normalise_value(role, text, context)
    assert first.value is None or first.problem is None
    assert first.value != ""
    if first.value is not None:
        assert normalise_value(role, first.value, context) == first


@pytest.mark.parametrize("role", list(Role))
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(st.none() | TEXTS, max_size=12), context=st.sampled_from(CONTEXTS))
def test_a_column_is_its_values(role: Role, texts: list[str | None], context: NormaliseContext) -> None:
    values, problems = normalise_column(role, pa.array(texts + texts, pa.string()), context)
    expected = [normalise_value(role, text, context) for text in texts + texts]
    assert values.to_pylist() == [answer.value for answer in expected]
    assert problems.to_pylist() == [answer.problem for answer in expected]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.RECORD_ID, Role.SOURCE)])
@pytest.mark.parametrize(
    "text", [None, "", "   ", "\t\n", "\u200b", "n/a", "N/A", "unknown", "NULL", "none", "-", "--", "?", "keine Angabe"]
)
def test_blanks_and_placeholders_are_no_value(role: Role, text: str | None) -> None:
    answer = normalise_value(role, text, NormaliseContext("GB"))
    assert (answer.value, answer.problem) == (None, None)


@pytest.mark.parametrize(
    "values",
    [
        pa.chunked_array([["a@B.de"], ["x@y.org", None, "a@B.de"]]),
        pa.array(["a@B.de", "x@y.org", None, "a@B.de"]).dictionary_encode(),
        pa.array(["a@B.de", "x@y.org", None, "a@B.de"], pa.large_string()),
    ],
)
def test_every_layout_of_text_is_read(values: pa.Array) -> None:
    canonical, problems = normalise_column(Role.EMAIL, values, NormaliseContext())
    assert canonical.to_pylist() == ["a@b.de", "x@y.org", None, "a@b.de"]
    assert problems.null_count == 4


@pytest.mark.parametrize(
    "values", [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.array([None, None], pa.string())]
)
def test_a_column_without_values_stays_one(values: pa.Array) -> None:
    canonical, problems = normalise_column(Role.PHONE, values, NormaliseContext())
    assert (len(canonical), len(problems)) == (len(values), len(values))
    assert canonical.type == problems.type == pa.string()


@pytest.mark.parametrize(
    ("role", "text", "value"),
    [
        (Role.RECORD_ID, " 0 ", "0"),
        (Role.RECORD_ID, "NA", "NA"),
        (Role.GENDER, "Male", "m"),
        (Role.GENDER, "Frau", "f"),
        (Role.GENDER, "W", "f"),
        (Role.GENDER, "diverse", "x"),
        (Role.GENDER, "женский", "f"),
        (Role.GENDER, "1", "1"),
        (Role.GENDER, "U", None),
        (Role.NATIONAL_ID, "123-45-6789", "123456789"),
        (Role.NATIONAL_ID, "ab 12 34 56 c", "AB123456C"),
        (Role.LOYALTY_CARD, "1234 5678 9012", "123456789012"),
        (Role.LOYALTY_CARD, "0000", None),
        (Role.PRODUCT_CODE, "978-3-16-148410-0", "9783161484100"),
        (Role.PRODUCT_CODE, "ISBN 3-16-148410-X", "9783161484100"),
        (Role.PRODUCT_CODE, "04006381333931", "4006381333931"),
        (Role.PRODUCT_CODE, "0036000291452", "036000291452"),
        (Role.PRODUCT_CODE, "kdl-40w", "KDL40W"),
        (Role.WEBSITE, "https://www.Firma-Nord.de/kontakt?x=1", "firma-nord.de"),
        (Role.WEBSITE, "firma-nord.de", "firma-nord.de"),
        (Role.WEBSITE, "http://shop.example.co.uk:8080", "shop.example.co.uk"),
        (Role.ACCOUNT_ID, "7590-VHVEG", "7590-VHVEG"),
        (Role.ACCOUNT_ID, "12 345-6", "123456"),
        (Role.ACCOUNT_ID, "1234.0", "1234"),
        (Role.DEVICE_ID, "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        (Role.DEVICE_ID, "00-1B-63-84-45-E6", "00:1b:63:84:45:e6"),
        (Role.DEVICE_ID, "00000000-0000-0000-0000-000000000000", None),
        (Role.USER_ID, "Ab9x", "Ab9x"),
        (Role.ANONYMOUS_ID, "undefined", None),
        (Role.ENTITY_LIST, "V Y BANINE**NONE**L P BACKER", "V Y BANINE | L P BACKER"),
        (Role.ENTITY_LIST, "a; b|c\nb", "a | b | c"),
        (Role.CATEGORY, "0", "0"),
        (Role.CATEGORY, " electronic  check ", "electronic check"),
        (Role.COMPANY, "  ACME   Ltd. ", "ACME Ltd."),
        (Role.COUNTRY, "Deutschland", "DE"),
        (Role.COUNTRY, "usa", "US"),
        (Role.COUNTRY, "U.K.", "GB"),
        (Role.COUNTRY, "Россия", "RU"),
        (Role.COUNTRY, "The Netherlands", "NL"),
        (Role.COUNTRY, "Österreich", "AT"),
        (Role.COUNTRY, "Côte d’Ivoire", "CI"),
        (Role.COUNTRY, "Atlantis", "Atlantis"),
        (Role.COUNTRY, "NA", None),
        (Role.ADDRESS, "221B BAKER STREET\nLONDON", "221B Baker Street, London"),
    ],
)
def test_values_of_small_roles(role: Role, text: str, value: str | None) -> None:
    assert normalise_value(role, text, NormaliseContext()).value == value


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_words_in_a_name_keep_all_their_letters(text: str) -> None:
    shown = normalise_value(Role.GIVEN_NAME, text, NormaliseContext()).value
    if shown is not None and text.isascii():
        assert [letter for letter in shown.lower() if letter.isalnum()] == [
            letter for letter in text.lower() if letter.isalnum()
        ]
