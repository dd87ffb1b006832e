"""Dates and moments: many forms, one ISO text; impossible and ambiguous ones refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, date_from_parts, normalise_value
from identity_graph.roles import Role

DAY_FIRST = NormaliseContext()
MONTH_FIRST = NormaliseContext(day_first=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1980-05-12", "1980-05-12"),
        ("1980-5-2", "1980-05-02"),
        ("1980/05/12", "1980-05-12"),
        ("1980.05.12", "1980-05-12"),
        ("19800512", "1980-05-12"),
        ("12051980", "1980-05-12"),
        ("12/05/1980", "1980-05-12"),
        ("12.05.1980", "1980-05-12"),
        ("12-05-1980", "1980-05-12"),
        ("12. 5. 1980", "1980-05-12"),
        ("12.5.80", "1980-05-12"),
        ("05/25/1980", "1980-05-25"),
        ("12 May 1980", "1980-05-12"),
        ("12-MAY-80", "1980-05-12"),
        ("12May1980", "1980-05-12"),
        ("May 12, 1980", "1980-05-12"),
        ("May 12th, 1980", "1980-05-12"),
        ("12th of May 1980", "1980-05-12"),
        ("1980 May 12", "1980-05-12"),
        ("Monday, 12 May 1980", "1980-05-12"),
        ("Montag, 12. Mai 1980", "1980-05-12"),
        ("12. Mai 1980", "1980-05-12"),
        ("1. März 1980", "1980-03-01"),
        ("3. Jänner 1980", "1980-01-03"),
        ("12 mai 1980", "1980-05-12"),
        ("1er août 1980", "1980-08-01"),
        ("12 févr. 1980", "1980-02-12"),
        ("12 de mayo de 1980", "1980-05-12"),
        ("5 de março de 1980", "1980-03-05"),
        ("12 maggio 1980", "1980-05-12"),
        ("12 mei 1980", "1980-05-12"),
        ("3 mrt. 1980", "1980-03-03"),
        ("12 мая 1980", "1980-05-12"),
        ("12 maja 1980", "1980-05-12"),
        ("1980年5月12日", "1980-05-12"),
        ("1980년 5월 12일", "1980-05-12"),
        ("١٢/٠٥/١٩٨٠", "1980-05-12"),
        ("1980-05-12T00:00:00", "1980-05-12"),
        ("1980-05-12 00:00:00.000", "1980-05-12"),
        ("1980-05-12T00:00:00Z", "1980-05-12"),
        ("1980-05-12T00:00:00+02:00", "1980-05-12"),
        ("12/05/1980 12:00 AM", "1980-05-12"),
        ("Mon, 12 May 1980 10:00:00 +0000", "1980-05-12"),
        ("Mon May 12 1980 00:00:00 GMT+0200 (CEST)", "1980-05-12"),
        ("Mon May 12 10:00:00 UTC 1980", "1980-05-12"),
        ("326937600", "1980-05-12"),
        ("326937600000", "1980-05-12"),
        ("-315619200", "1960-01-01"),
        ("19800512.0", "1980-05-12"),
        ("1980", "1980"),
        ("1980.0", "1980"),
        ("1980-05", "1980-05"),
        ("05/1980", "1980-05"),
        ("May 1980", "1980-05"),
        ("198005", "1980-05"),
        ("120580", "1980-05-12"),
        ("1980-05-00", "1980-05"),
        ("1980-00-00", "1980"),
        ("1737-01-01", "1737-01-01"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_date_is_read_whatever_its_form(text: str, value: str) -> None:
    answer = normalise_value(Role.BIRTH_DATE, text, DAY_FIRST)
    assert (answer.value, answer.problem) == (value, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/02/1980", "impossible_date"),
        ("1981-02-29", "impossible_date"),
        ("1980-13-01", "impossible_date"),
        ("1980-05-32", "impossible_date"),
        ("45/05/1980", "impossible_date"),
        ("2199-01-01", "impossible_date"),
        ("0000-05-12", "impossible_date"),
        ("30 Feb 1980", "impossible_date"),
        ("yesterday", "unreadable_date"),
        ("12 Foo 1980", "unreadable_date"),
        ("May", "unreadable_date"),
        ("200501", "unreadable_date"),
        ("12345", "unreadable_date"),
        ("1980-05-12-07", "unreadable_date"),
        ("12 May June 1980", "unreadable_date"),
        ("c. 1850", "unreadable_date"),
    ],
)
def test_a_date_without_a_certain_reading_is_a_problem(text: str, problem: str) -> None:
    answer = normalise_value(Role.BIRTH_DATE, text, DAY_FIRST)
    assert (answer.value, answer.problem) == (None, problem)


@pytest.mark.parametrize(
    "text", ["0000-00-00", "1900-01-01", "01/01/1900", "1111-11-11", "9999-12-31", "31.12.9999", "0", "00000000"]
)
def test_dates_that_systems_write_for_no_date_are_no_value(text: str) -> None:
    answer = normalise_value(Role.BIRTH_DATE, text, DAY_FIRST)
    assert (answer.value, answer.problem) == (None, None)


def test_a_source_of_historical_people_keeps_the_first_of_january_1900() -> None:
    historical = NormaliseContext(placeholder_dates=frozenset())
    assert normalise_value(Role.BIRTH_DATE, "1900-01-01", historical).value == "1900-01-01"


def test_the_source_decides_between_day_and_month_where_the_text_does_not() -> None:
    assert normalise_value(Role.BIRTH_DATE, "03/04/1980", DAY_FIRST).value == "1980-04-03"
    assert normalise_value(Role.BIRTH_DATE, "03/04/1980", MONTH_FIRST).value == "1980-03-04"
    assert normalise_value(Role.BIRTH_DATE, "25/04/1980", MONTH_FIRST).value == "1980-04-25"


@given(born=st.dates(date(1927, 1, 1), date(2026, 12, 31)), day_first=st.booleans())
def test_two_digit_years_are_never_in_the_future(born: date, day_first: bool) -> None:
    text = born.strftime("%d.%m.%y" if day_first else "%m.%d.%y")
    context = NormaliseContext(day_first=day_first, reference_year=2026)
    assert normalise_value(Role.BIRTH_DATE, text, context).value == born.isoformat()


@given(
    day=st.dates(date(1000, 1, 1), date(2026, 12, 31)).filter(
        lambda day: day.isoformat() not in DAY_FIRST.placeholder_dates
    ),
    form=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d-%b-%Y"]),
)
def test_every_day_is_read_in_every_usual_form(day: date, form: str) -> None:
    text = day.strftime(form.replace("%Y", f"{day.year:04d}"))
    assert normalise_value(Role.BIRTH_DATE, text, DAY_FIRST).value == day.isoformat()


def test_spreadsheet_serials_are_read_only_where_the_source_says_so() -> None:
    assert normalise_value(Role.BIRTH_DATE, "29353", NormaliseContext(excel_serials=True)).value == "1980-05-12"
    assert normalise_value(Role.BIRTH_DATE, "29353", DAY_FIRST).problem == "unreadable_date"


@pytest.mark.parametrize(
    ("parts", "value", "problem"),
    [
        (("1980", "5", "12"), "1980-05-12", None),
        (("80", "May", "12"), "1980-05-12", None),
        (("1980", "5", None), "1980-05", None),
        (("1980", None, None), "1980", None),
        (("1980", None, "12"), "1980", None),
        ((None, "5", "12"), None, None),
        (("1980", "2", "31"), None, "impossible_date"),
        (("1980", "13", "1"), None, "impossible_date"),
        (("abc", "1", "1"), None, "unreadable_date"),
        (("1969.0", "9.0", "20.0"), "1969-09-20", None),
    ],
)
def test_a_date_is_put_together_from_its_columns(
    parts: tuple[str | None, str | None, str | None], value: str | None, problem: str | None
) -> None:
    answer = date_from_parts(*parts, DAY_FIRST)
    assert (answer.value, answer.problem) == (value, problem)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-05-05T10:00:00Z", "2024-05-05T10:00:00.000000Z"),
        ("2024-05-05 10:00", "2024-05-05T10:00:00.000000Z"),
        ("2024-05-05T10:00:00.123+02:00", "2024-05-05T08:00:00.123000Z"),
        ("2024-05-05T01:00:00-0530", "2024-05-05T06:30:00.000000Z"),
        ("5/6/2024 3:05 PM", "2024-06-05T15:05:00.000000Z"),
        ("5/6/2024 12:05 am", "2024-06-05T00:05:00.000000Z"),
        ("2024-05-05", "2024-05-05T00:00:00.000000Z"),
        ("1714903200", "2024-05-05T10:00:00.000000Z"),
        ("1714903200123", "2024-05-05T10:00:00.123000Z"),
        ("1714903200.5", "2024-05-05T10:00:00.500000Z"),
        ("Sun, 05 May 2024 10:00:00 GMT", "2024-05-05T10:00:00.000000Z"),
        ("20240505T100000Z", "2024-05-05T10:00:00.000000Z"),
        ("5. Mai 2024 10:00:00", "2024-05-05T10:00:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("2024", None),
        ("2024-05-05T25:00:00Z", None),
        ("soon", None),
        ("0001-01-01T00:00:00+05:00", None),
    ],
)
def test_a_moment_is_utc_text_of_one_width(text: str, value: str | None) -> None:
    answer = normalise_value(Role.OBSERVED_AT, text, DAY_FIRST)
    assert (answer.value, answer.problem) == (value, None if value else "unreadable_time")


@given(at=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), minutes=st.integers(-14 * 60, 14 * 60))
def test_a_moment_of_any_zone_is_the_same_moment(at: datetime, minutes: int) -> None:
    text = at.replace(tzinfo=timezone(timedelta(minutes=minutes))).isoformat()
    value = normalise_value(Role.OBSERVED_AT, text, DAY_FIRST).value
    assert value is not None
    assert datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) == datetime.fromisoformat(text)
