"""Phone numbers: E.164, and a short cut that answers as the full parse does."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, normalise_column, normalise_value
from identity_graph.normalise.phones import full_phone, quick_phone
from identity_graph.roles import Role

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("0161 496 0123", "GB", "+441614960123"),
        ("(0161) 496-0123", "GB", "+441614960123"),
        ("+44 (0)161 496 0123", None, "+441614960123"),
        ("0044 161 4960123", "GB", "+441614960123"),
        ("0044 161 4960123", None, "+441614960123"),
        ("441614960123", "GB", "+441614960123"),
        ("07400 123456", "GB", "+447400123456"),
        ("tel:+44-7400-123456", None, "+447400123456"),
        ("(415) 555-0123", "US", "+14155550123"),
        ("1-415-555-0123", "US", "+14155550123"),
        ("415.555.0123 x12", "US", "+14155550123"),
        ("+1 415 555 0123", "DE", "+14155550123"),
        ("030 123456", "DE", "+4930123456"),
        ("Tel.: 0171/1234567", "DE", "+491711234567"),
        ("01 42 45 67 89", "FR", "+33142456789"),
        ("06 1234 5678", "NL", "+31612345678"),
        ("06 698 12345", "IT", "+390669812345"),
        ("912 345 678", "ES", "+34912345678"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("03-1234-5678", "JP", "+81312345678"),
        ("02 9876 5432", "AU", "+61298765432"),
        ("98765 43210", "IN", "+919876543210"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("+44 7400 123456 / +44 161 496 0123", None, "+447400123456"),
        ("7400123456.0", "GB", "+447400123456"),
        ("٠١٦١ ٤٩٦ ٠١٢٣", "GB", "+441614960123"),
        ("＋44 161 496 0123", None, "+441614960123"),
        ("0171 234567", None, "0171234567"),
    ],
)
def test_a_phone_number_is_e164(text: str, region: str | None, value: str) -> None:
    answer = normalise_value(Role.PHONE, text, NormaliseContext(region))
    assert (answer.value, answer.problem) == (value, None)


@pytest.mark.parametrize("text", ["0000000000", "1111111111", "123456789", "+44 0000000000", "none", "-", "9999999999"])
def test_filler_is_no_value(text: str) -> None:
    answer = normalise_value(Role.PHONE, text, NormaliseContext("GB"))
    assert (answer.value, answer.problem) == (None, None)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("12", "GB"),
        ("call me", "GB"),
        ("496 0123", "GB"),
        ("+999 123456", None),
        ("0161 496 0123 4567 89", "GB"),
        ("12345", None),
        ("+44", "GB"),
    ],
)
def test_what_no_country_would_dial_is_a_problem(text: str, region: str | None) -> None:
    answer = normalise_value(Role.PHONE, text, NormaliseContext(region))
    assert (answer.value, answer.problem) == (None, "unreadable_phone")


@settings(max_examples=400, deadline=None)
@given(region=st.sampled_from(REGIONS), digits=st.from_regex(r"\+?[0-9]{4,15}", fullmatch=True))
def test_the_short_cut_answers_as_the_full_parse_on_any_digits(region: str, digits: str) -> None:
    quick = quick_phone(digits, region)
    assert quick is None or quick == full_phone(digits, region)


@settings(max_examples=400, deadline=None)
@given(data=st.data(), region=st.sampled_from(REGIONS))
def test_the_short_cut_answers_as_the_full_parse_on_real_looking_numbers(data: st.DataObject, region: str) -> None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    national = data.draw(
        st.from_regex(metadata.general_desc.national_number_pattern, fullmatch=True, alphabet="0123456789")
    )
    trunk = metadata.national_prefix or ""
    home = data.draw(st.sampled_from([region, "GB", "US", "IT"]))
    for digits in (
        national,
        trunk + national,
        f"+{metadata.country_code}{national}",
        f"{metadata.country_code}{national}",
    ):
        quick = quick_phone(digits, home)
        assert quick is None or quick == full_phone(digits, home)


@pytest.mark.parametrize(
    ("region", "digits"), [("GB", "01614960123"), ("US", "4155550123"), ("DE", "01711234567"), ("FR", "0612345678")]
)
def test_the_short_cut_is_taken_for_ordinary_numbers(region: str, digits: str) -> None:
    assert quick_phone(digits, region) is not None
    assert quick_phone(str(full_phone(digits, region)), None) is not None


@settings(max_examples=60, deadline=None)
@given(data=st.data(), region=st.sampled_from(REGIONS))
def test_a_column_of_phones_is_read_as_its_values(data: st.DataObject, region: str) -> None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    pattern = metadata.general_desc.national_number_pattern
    numbers = data.draw(st.lists(st.from_regex(pattern, fullmatch=True, alphabet="0123456789"), min_size=1, max_size=8))
    forms = [
        "{n}",
        "{t}{n}",
        "+{c}{n}",
        "+{c} ({t}) {n}",
        "{c}{n}",
        "00{c}{n}",
        " {t}{n} ",
        "{n}.0",
        "{t}-{n}/1",
        "+1{n}",
    ]
    trunk, code = metadata.national_prefix or "", metadata.country_code
    texts = [form.format(n=number, t=trunk, c=code) for number in numbers for form in forms]
    context = NormaliseContext(region)
    values, problems = normalise_column(Role.PHONE, pa.array(texts), context)
    expected = [normalise_value(Role.PHONE, text, context) for text in texts]
    assert values.to_pylist() == [answer.value for answer in expected]
    assert problems.to_pylist() == [answer.problem for answer in expected]
