"""Dates and times in the forms people and systems write them, to ISO 8601 text.

Raw text and the source's conventions come in. A day comes out as `YYYY-MM-DD`, a partial one as `YYYY-MM` or `YYYY`,
a moment as `YYYY-MM-DDTHH:MM:SS.ffffffZ`; a date that cannot exist or allows no certain reading is a problem.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from identity_graph.normalise.cleaning import ascii_digits
from identity_graph.normalise.folding import fold
from identity_graph.normalise.month_names import MONTHS
from identity_graph.normalise.result import NO_VALUE, NormaliseContext, Normalised, problem, value

__all__ = ["birth_date", "date_from_parts", "day_number", "moment", "month_number", "year_number"]

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.(?:\d{3}|\d{6}))?(?:Z|[+-]\d{2}:?\d{2})?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日일])?")
_CLOCK = re.compile(
    r"[T ,]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)? ?([ap]\.?m\.?)?"
    r" ?(Z|UTC|GMT)? ?([+-]\d{2}:?\d{2}|[+-]\d{2})?(?: ?\([^)]*\)| [A-Z]{2,5})?(?: (\d{4}))?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"^[^\W\d]{2,8}(?:day|tag|dag),? |^(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|di|mi|do|fr|sa|so)[.,]+ ?"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun) (?=[a-z0-9])",
    re.IGNORECASE,
)
_FILLERS = frozenset({"de", "of", "del", "the", "den", "d", "y", "g", "goda", "i", "di", "le", "el", "a"})
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|o|a|e|de|ste)?")
_DIGITS = re.compile(r"-?\d+")
_LETTERS_MEET_DIGITS = re.compile(r"(?<=\d)(?=[^\W\d]{3})|(?<=[^\W\d]{3})(?=\d)")
_WHOLE_FLOAT = re.compile(r"(-?\d+)\.0+")
_LONGEST = 80
_EXCEL_EPOCH = date(1899, 12, 30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_UNREADABLE = problem("unreadable_date")
_IMPOSSIBLE = problem("impossible_date")


def birth_date(text: str, context: NormaliseContext) -> Normalised:
    """Read a date of birth (or any other day in the past) from tidy text.

    Returns:
        `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; no value for the context's placeholder dates; problem `impossible_date`
        for a day that is not in the calendar or after the reference year (a margin of one year is left), and
        `unreadable_date` for everything that has no certain reading.
    """
    exact = _ISO.fullmatch(text)
    if exact is not None:
        return _checked(int(exact[1]), int(exact[2]), int(exact[3]), context)
    text = ascii_digits(text)
    if (usual := _year_last(text, context)) is not None:
        return usual
    if len(text) > _LONGEST:
        return _UNREADABLE
    text = _CLOCK.sub(lambda clock: f" {clock[8]}" if clock[8] else "", text).strip()
    if (whole := _WHOLE_FLOAT.fullmatch(text)) is not None:
        text = whole[1]
    if _DIGITS.fullmatch(text):
        return _plain_number(text, context)
    text = _WEEKDAY.sub("", text).strip(" ,")
    for read in (_year_last, _year_first, _with_month_name):
        answer = read(text, context)
        if answer is not None:
            return answer
    return _UNREADABLE


def _checked(year: int, month: int, day: int, context: NormaliseContext) -> Normalised:
    """Answer with the date if it exists; a month or day of zero makes it partial, as databases write them."""
    if year == 0:
        return NO_VALUE if month == day == 0 else _IMPOSSIBLE
    if month == 0:
        iso = f"{year:04d}" if day == 0 else ""
    elif month > 12:
        iso = ""
    elif day == 0:
        iso = f"{year:04d}-{month:02d}"
    else:
        try:
            iso = date(year, month, day).isoformat()
        except ValueError:
            iso = ""
    if iso in context.placeholder_dates or year == 9999:
        return NO_VALUE
    if not iso or year > context.reference_year + 1:
        return _IMPOSSIBLE
    return Normalised(iso)


def _full_year(digits: str, context: NormaliseContext) -> int:
    """Read two digits as the latest year with that ending that is not after the reference year."""
    year = int(digits)
    if len(digits) != 2:
        return year
    century = context.reference_year // 100 * 100
    return century + year if century + year <= context.reference_year else century - 100 + year


def _day_month(first: int, second: int, context: NormaliseContext) -> tuple[int, int]:
    """Tell day from month: the one above 12 is the day, else the source's convention decides."""
    if first > 12 >= second:
        return first, second
    if second > 12 >= first:
        return second, first
    return (first, second) if context.day_first else (second, first)


def _year_first(text: str, context: NormaliseContext) -> Normalised | None:
    found = _YEAR_FIRST.fullmatch(text) or _EAST_ASIAN.fullmatch(text)
    if found is None:
        return None
    return _checked(int(found[1]), int(found[2]), int(found[3] or 0), context)


def _year_last(text: str, context: NormaliseContext) -> Normalised | None:
    found = _YEAR_LAST.fullmatch(text)
    if found is not None:
        day, month = _day_month(int(found[1]), int(found[2]), context)
        return _checked(_full_year(found[3], context), month, day, context)
    partial = _MONTH_YEAR.fullmatch(text)
    return None if partial is None else _checked(int(partial[2]), int(partial[1]), 0, context)


def _with_month_name(text: str, context: NormaliseContext) -> Normalised | None:
    """Read `5. Mai 1980`, `May 5th, 1980`, `5 de mayo de 1980`, `05-MAY-80`, `May 1980`, `1980 May 5`."""
    words = [word for word in fold(_LETTERS_MEET_DIGITS.sub(" ", text)).split() if word not in _FILLERS]
    months = [index for index, word in enumerate(words) if word in MONTHS]
    if len(months) != 1 or not 2 <= len(words) <= 3:
        return None
    month = MONTHS[words.pop(months[0])]
    if len(words) == 1:
        return _checked(int(words[0]), month, 0, context) if re.fullmatch(r"\d{4}", words[0]) else None
    first, last = words
    if re.fullmatch(r"\d{4}", first):
        first, last = last, first
    day = _ORDINAL.fullmatch(first)
    if day is None or re.fullmatch(r"\d{4}|\d{2}", last) is None:
        return None
    return _checked(_full_year(last, context), month, int(day[1]), context)


def _plain_number(digits: str, context: NormaliseContext) -> Normalised:
    """Read a number without separators by its length: a year, a compact date, or a count since an epoch."""
    length = len(digits)
    if set(digits) <= {"0"}:
        return NO_VALUE
    if digits[0] != "-":
        if length <= 5 and context.excel_serials:
            return _checked(*_date_parts(_EXCEL_EPOCH + timedelta(days=int(digits))), context)
        if length == 4:
            return _checked(int(digits), 0, 0, context)
        if length == 6:
            return _six_digits(digits, context)
        if length == 8:
            return _eight_digits(digits, context)
    if length in (9, 10, 11):
        return _since_epoch(int(digits), context)
    if length in (12, 13, 14) and not (length == 14 and digits[0] != "-"):
        return _since_epoch(int(digits) // 1000, context)
    if length == 14:
        return _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), context)
    return _UNREADABLE


def _date_parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _since_epoch(seconds: int, context: NormaliseContext) -> Normalised:
    try:
        return _checked(*_date_parts((_EPOCH + timedelta(seconds=seconds)).date()), context)
    except OverflowError:
        return _UNREADABLE


def _eight_digits(digits: str, context: NormaliseContext) -> Normalised:
    """Read `19800512`; where that is no date, `12051980`."""
    forward = _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:]), context)
    if forward.problem is None and (forward.value is None or len(forward.value) == 10):
        return forward
    day, month = _day_month(int(digits[:2]), int(digits[2:4]), context)
    backward = _checked(int(digits[4:]), month, day, context)
    return backward if backward.problem is None and int(digits[4:]) >= 1000 else forward


def _six_digits(digits: str, context: NormaliseContext) -> Normalised:
    """Read `198005` or `120580`; a text that allows both readings allows none."""
    readings = set()
    if 1700 <= int(digits[:4]) <= context.reference_year:
        readings.add(_checked(int(digits[:4]), int(digits[4:]), 0, context))
    day, month = _day_month(int(digits[:2]), int(digits[2:4]), context)
    readings.add(_checked(_full_year(digits[4:], context), month, day, context))
    readable = [reading for reading in readings if reading.value is not None and month * day]
    return readable[0] if len(readable) == 1 else _UNREADABLE


def date_from_parts(year: str | None, month: str | None, day: str | None, context: NormaliseContext) -> Normalised:
    """Put a date of birth together from the texts of its year, month and day columns.

    Returns:
        As `birth_date`; partial when the day, or day and month, have no value; no value without a year.
    """
    if not year:
        return NO_VALUE
    numbers = year_number(year, context), month_number(month or ""), day_number(day or "")
    for answer in numbers:
        if answer.problem is not None:
            return answer
    found_year, found_month, found_day = (int(answer.value) if answer.value else 0 for answer in numbers)
    if not found_year:
        return NO_VALUE
    return _checked(found_year, found_month, found_day if found_month else 0, context)


def year_number(text: str, context: NormaliseContext) -> Normalised:
    """Read a year of birth as four digits; two digits by the reference year."""
    digits = re.sub(r"\.0+$", "", ascii_digits(text))
    if re.fullmatch(r"\d{4}|\d{2}", digits) is None:
        return value("") if not digits else _UNREADABLE
    return _checked(_full_year(digits, context), 0, 0, context)


def month_number(text: str) -> Normalised:
    """Read a month as `1` to `12`, from a number or a name; zero is no value."""
    number = MONTHS.get(fold(text))
    return Normalised(str(number)) if number else _small_number(text, 12)


def day_number(text: str) -> Normalised:
    """Read a day of the month as `1` to `31`; zero is no value."""
    return _small_number(text, 31)


def _small_number(text: str, limit: int) -> Normalised:
    digits = re.sub(r"\.0+$", "", ascii_digits(text))
    if not digits:
        return NO_VALUE
    if re.fullmatch(r"\d{1,2}", digits) is None:
        return _UNREADABLE
    if int(digits) > limit:
        return _IMPOSSIBLE
    return Normalised(str(int(digits))) if int(digits) else NO_VALUE


def moment(text: str, context: NormaliseContext) -> Normalised:
    """Read the time something was observed, from tidy text, as UTC; a time without a zone is UTC.

    Returns:
        `YYYY-MM-DDTHH:MM:SS.ffffffZ`, of fixed width so that texts compare as times; a day alone is its midnight;
        problem `unreadable_time` for anything else.
    """
    text = ascii_digits(text)
    if _ISO_MOMENT.fullmatch(text):
        try:
            at = datetime.fromisoformat(text)
            return _written(at.astimezone(UTC) if at.tzinfo else at)
        except (ValueError, OverflowError):
            return problem("unreadable_time")
    if (epoch := re.fullmatch(r"(\d{9,10})(\.\d+)?|(\d{13})(?:\.0+)?|(\d{16})", text)) is not None:
        micros = int(epoch[4] or 0) + int(epoch[3] or 0) * 1000 + int(epoch[1] or 0) * 1_000_000
        micros += int((epoch[2] or ".0")[1:7].ljust(6, "0"))
        return _written(_EPOCH + timedelta(microseconds=micros))
    if (compact := re.fullmatch(r"(\d{8})T?(\d{2})(\d{2})(\d{2})Z?", text)) is not None:
        text = f"{compact[1]} {compact[2]}:{compact[3]}:{compact[4]}"
    unbounded = NormaliseContext(None, context.day_first, None, 9998, context.excel_serials, frozenset())
    day = birth_date(text, unbounded).value
    if day is None or len(day) != 10:
        return problem("unreadable_time")
    clock = _CLOCK.search(text)
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return _written(start) if clock is None else _at_clock(start, clock)


def _at_clock(midnight: datetime, clock: re.Match[str]) -> Normalised:
    hour, half = int(clock[1]), (clock[5] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    micros = int((clock[4] or "0").ljust(6, "0")[:6])
    try:
        local = midnight.replace(
            hour=hour, minute=int(clock[2]), second=min(int(clock[3] or 0), 59), microsecond=micros
        )
        offset = clock[7]
        if offset:
            minutes = int(offset[1:3]) * 60 + int(offset[-2:] if len(offset) > 3 else 0)
            sign = -1 if offset[0] == "-" else 1
            local = local.replace(tzinfo=timezone(timedelta(minutes=sign * minutes)))
        return _written(local.astimezone(UTC))
    except (ValueError, OverflowError):
        return problem("unreadable_time")


def _written(at: datetime) -> Normalised:
    return Normalised(at.isoformat(timespec="microseconds")[:26] + "Z")
