"""One value or one whole column of raw text to canonical values, by role.

Text and the source's conventions come in; canonical values and problem codes go out. A column costs per distinct
value, and values seen in an earlier batch are remembered up to a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.normalise import codes, dates, emails, names, numbers, phones, places, words
from identity_graph.normalise.cleaning import tidy
from identity_graph.normalise.countries import country
from identity_graph.normalise.placeholders import is_placeholder
from identity_graph.normalise.quick_columns import quick_column
from identity_graph.normalise.result import NO_VALUE, NormaliseContext, Normalised, value
from identity_graph.roles import Role

__all__ = ["normalise_column", "normalise_value"]

Reader: TypeAlias = Callable[[str, NormaliseContext], Normalised]

_REMEMBERED = 1 << 16
"""Distinct values remembered per role and context; a hundred bytes or two each."""


def _plain(read: Callable[[str], Normalised]) -> Reader:
    return lambda text, context: read(text)


_READERS: dict[Role, Reader] = {
    Role.RECORD_ID: _plain(codes.opaque_id),
    Role.SOURCE: _plain(value),
    Role.OBSERVED_AT: dates.moment,
    Role.GIVEN_NAME: _plain(names.person_name),
    Role.MIDDLE_NAME: _plain(names.person_name),
    Role.FAMILY_NAME: _plain(names.person_name),
    Role.FULL_NAME: _plain(names.person_name),
    Role.NAME_SUFFIX: _plain(value),
    Role.GENDER: _plain(words.gender),
    Role.BIRTH_DATE: dates.birth_date,
    Role.BIRTH_YEAR: dates.year_number,
    Role.BIRTH_MONTH: _plain(dates.month_number),
    Role.BIRTH_DAY: _plain(dates.day_number),
    Role.EMAIL: _plain(emails.email),
    Role.PHONE: lambda text, context: phones.phone(text, context.default_region),
    Role.ADDRESS: _plain(places.street),
    Role.STREET: _plain(places.street),
    Role.HOUSE_NUMBER: _plain(places.house_number),
    Role.POSTCODE: lambda text, context: places.postcode(text, context.country),
    Role.CITY: _plain(places.place),
    Role.REGION: _plain(places.region),
    Role.COUNTRY: _plain(country),
    Role.PLACE: _plain(places.place),
    Role.LATITUDE: lambda text, context: numbers.coordinate(text, 90),
    Role.LONGITUDE: lambda text, context: numbers.coordinate(text, 180),
    Role.COMPANY: _plain(value),
    Role.TITLE: _plain(value),
    Role.NATIONAL_ID: _plain(codes.issued_code),
    Role.ACCOUNT_ID: _plain(codes.account_id),
    Role.LOYALTY_CARD: _plain(codes.issued_code),
    Role.USER_ID: _plain(codes.opaque_id),
    Role.ANONYMOUS_ID: _plain(codes.opaque_id),
    Role.DEVICE_ID: _plain(codes.device_id),
    Role.PRODUCT_CODE: _plain(codes.product_code),
    Role.WEBSITE: _plain(codes.website),
    Role.CATEGORY: _plain(value),
    Role.NUMBER: _plain(numbers.number),
    Role.TEXT: _plain(value),
    Role.ENTITY_LIST: _plain(value),
    Role.IGNORE: _plain(value),
}


def normalise_value(role: Role, text: str | None, context: NormaliseContext) -> Normalised:
    """Turn one raw text into its canonical value by its role.

    Args:
        role: what kind of value it is; every role is known.
        text: raw text as the source wrote it; None is no value.
        context: the conventions of the source.

    Returns:
        The canonical value, or no value for blanks and placeholders, or a problem code. Normalising a canonical
        value again gives itself.
    """
    if text is None:
        return NO_VALUE
    if role is Role.ENTITY_LIST:
        return words.entity_list(text)
    if role is Role.ADDRESS and ("\n" in text or "\r" in text):
        text = ", ".join(line.strip(" ,") for line in text.splitlines() if line.strip(" ,"))
    text = tidy(text)
    if not text or is_placeholder(text, role):
        return NO_VALUE
    answer = _READERS[role](text, context)
    if answer.value is None or answer.value == text:
        return answer
    # What was taken off can leave a placeholder, and a change of case can make mojibake: settle both, to be final.
    settled = tidy(answer.value)
    if settled != answer.value:
        return normalise_value(role, settled, context)
    return NO_VALUE if is_placeholder(settled, role) else answer


@lru_cache(maxsize=256)
def _remembering(role: Role, context: NormaliseContext) -> Callable[[str | None], Normalised]:
    return lru_cache(maxsize=_REMEMBERED)(lambda text: normalise_value(role, text, context))


def normalise_column(
    role: Role, values: pa.Array | pa.ChunkedArray, context: NormaliseContext
) -> tuple[pa.Array, pa.Array]:
    """Turn a column of raw text into canonical values and problem codes.

    Args:
        role: what kind of value the column holds.
        values: text; null is no value. Dictionary-encoded text is read by its dictionary.
        context: the conventions of the source.

    Returns:
        (canonical values, problem codes), both text, in the order and length of the input. Where both are null there
        is no value.
    """
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = pc.dictionary_encode(values.cast(pa.string()))
    canonical, problems = _distinct(role, values.dictionary.cast(pa.string()), context)
    return canonical.take(values.indices), problems.take(values.indices)


def _distinct(role: Role, texts: pa.Array, context: NormaliseContext) -> tuple[pa.Array, pa.Array]:
    """Normalise distinct texts: at once where that is certain, the others one by one."""
    read = _remembering(role, context)
    quick = quick_column(role, texts, context)
    if quick is None or quick.null_count == len(texts):
        answers = [read(text) for text in texts.to_pylist()]
        return pa.array([answer.value for answer in answers], pa.string()), _problems(answers)
    if not quick.null_count:
        return quick, pa.nulls(len(texts), pa.string())
    undecided = quick.is_null()
    answers = [read(text) for text in texts.filter(undecided).to_pylist()]
    canonical = pc.replace_with_mask(quick, undecided, pa.array([answer.value for answer in answers], pa.string()))
    return canonical, pc.replace_with_mask(pa.nulls(len(texts), pa.string()), undecided, _problems(answers))


def _problems(answers: list[Normalised]) -> pa.Array:
    return pa.array([answer.problem for answer in answers], pa.string())
