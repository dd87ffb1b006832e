"""Finds what the columns of a file mean from their names and a sample of their values.

A sample comes in, a mapping goes out; every column carries how sure the choice is and why. Names propose, values
decide: a header that the values contradict counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from identity_graph.errors import InvalidMappingError
from identity_graph.normalise import NormaliseContext, date_from_parts, normalise_column
from identity_graph.roles import Role
from identity_graph.sources.column_context import settle_together
from identity_graph.sources.conventions import find_day_first, find_region
from identity_graph.sources.fitting import Guess, fits, names_people, role_from_values
from identity_graph.sources.lexicon import Header, read_header
from identity_graph.sources.mapping import ColumnMapping, SourceMapping, name_attributes
from identity_graph.sources.placeholder_dates import find_placeholder_dates
from identity_graph.sources.profile import ColumnProfile, profile_column
from identity_graph.sources.record_id_column import find_record_id

__all__ = ["DetectOptions", "describe_mapping", "detect_mapping"]


@dataclass(frozen=True, slots=True)
class DetectOptions:
    """What the user said already.

    Attributes:
        id_column: column of the record id.
        source_column: column that names each row's source.
        default_region: ISO alpha-2 region of phone numbers without a country code.
        this_year: year the data is read in; dates of birth lie before it.
    """

    id_column: str | None = None
    source_column: str | None = None
    default_region: str | None = None
    this_year: int = 2026

    def named_columns(self) -> tuple[str, ...]:
        """Return the columns the user named."""
        return tuple(column for column in (self.id_column, self.source_column) if column is not None)


def detect_mapping(
    sample: pa.Table, options: DetectOptions | None = None, taken: Mapping[str, Role] | None = None
) -> SourceMapping:
    """Find what the columns of a file mean.

    Args:
        sample: first rows, text columns.
        options: what the user said already.
        taken: attribute -> role in other layouts of the same load, so that one name keeps one role.

    Returns:
        The mapping; every column of the sample is in it, in its order.

    Raises:
        InvalidMappingError: a column the user named is not there.
    """
    options = options or DetectOptions()
    SourceMapping(dict.fromkeys(options.named_columns(), ColumnMapping(Role.IGNORE))).check_columns(
        sample.column_names, "the file"
    )
    if not sample.column_names:
        raise InvalidMappingError("There are no columns to detect anything from.", next_step="Give a mapping.")
    profiles = {name: profile_column(sample.column(name)) for name in sample.column_names}
    headers = {name: read_header(name) for name in sample.column_names}
    source_column = options.source_column or _source_column(headers, profiles)
    id_column, id_reason = options.id_column, "named by the user"
    if id_column is None:
        id_column, id_reason = find_record_id(sample, headers, profiles, source_column)
    guesses: dict[str, Guess] = {}
    for name, profile in profiles.items():
        if name == id_column:
            guesses[name] = Guess(Role.RECORD_ID, 1.0, id_reason)
        elif name == source_column:
            guesses[name] = Guess(Role.SOURCE, 0.9, f"{profile.distinct_count} sources")
        else:
            guesses[name] = _guess(headers[name], profile, options.this_year)
    guesses = settle_together(guesses, headers, profiles, sample, options.this_year)
    return _mapping(guesses, profiles, sample, id_column, source_column, options, taken)


def describe_mapping(mapping: SourceMapping) -> list[tuple[str, str, str, str, str]]:
    """Return (column, role, attribute, confidence, reason) per column, for a table."""
    rows = [
        (name, mapped.role.value, mapped.attribute or "", f"{mapped.confidence:.0%}", mapped.reason)
        for name, mapped in mapping.columns.items()
    ]
    if mapping.record_id is None:
        rows.append(
            (
                "(none)",
                Role.RECORD_ID.value,
                "",
                "",
                "NO RECORD ID: ids are made from the rows' content, so a changed row is a new record",
            )
        )
    return rows


def _source_column(headers: Mapping[str, Header], profiles: Mapping[str, ColumnProfile]) -> str | None:
    for name, header in headers.items():
        if header.role is Role.SOURCE and fits(Role.SOURCE, profiles[name]):
            return name
    return None


def _guess(header: Header, profile: ColumnProfile, this_year: int) -> Guess:
    """Choose a role for one column on its own."""
    if not profile.values:
        return Guess(Role.IGNORE, 1.0, "no values")
    if header.role is Role.IGNORE:
        return Guess(Role.IGNORE, 0.9, "about loading or an earlier matching, by its name")
    if header.role is Role.CATEGORY and profile.share("strong_list") >= 0.05:
        return Guess(Role.ENTITY_LIST, 0.8, "named like a category, lists of several")
    if header.role is Role.CATEGORY:
        role = Role.TEXT if profile.distinct_count > 50 and profile.words > 3 else Role.CATEGORY
        return Guess(role, 0.7, "named like a category")
    if header.role not in (None, Role.SOURCE, Role.RECORD_ID) and fits(header.role, profile):
        return Guess(header.role, 0.9, f"named {header.role.value.replace('_', ' ')}, and the values fit")
    if header.somebody and names_people(profile):
        return Guess(Role.FULL_NAME, 0.7, "says who, and the values look like names of people")
    if profile.distinct_count == 1 and profile.rows > 10 and profile.filled > 0.99:
        return Guess(Role.IGNORE, 0.9, "one value in all rows")
    if profile.increasing:
        return Guess(Role.IGNORE, 0.8, "counts the rows")
    guess = role_from_values(profile, this_year)
    if header.role is None:
        return guess
    return Guess(guess.role, guess.confidence, f"named like {header.role.value}, but: {guess.reason}")


def _mapping(
    guesses: Mapping[str, Guess],
    profiles: Mapping[str, ColumnProfile],
    sample: pa.Table,
    id_column: str | None,
    source_column: str | None,
    options: DetectOptions,
    taken: Mapping[str, Role] | None,
) -> SourceMapping:
    columns = {
        name: ColumnMapping(guess.role, None, None, guess.confidence, guess.reason) for name, guess in guesses.items()
    }
    of_role: dict[Role, list[str]] = {}
    for name, guess in guesses.items():
        of_role.setdefault(guess.role, []).extend(profiles[name].values)
    region = options.default_region or find_region(of_role.get(Role.PHONE, []), of_role.get(Role.COUNTRY, []))
    dates = [*of_role.get(Role.BIRTH_DATE, []), *of_role.get(Role.OBSERVED_AT, [])]
    found = SourceMapping(
        columns=name_attributes(columns, taken),
        source_column=source_column,
        record_id=id_column,
        default_region=region,
        day_first=find_day_first(dates, region),
    )
    born = _birth_dates(sample, found, options.this_year)
    return found if born is None else replace(found, placeholder_dates=find_placeholder_dates(born))


def _birth_dates(sample: pa.Table, mapping: SourceMapping, this_year: int) -> list[str | None] | None:
    """Return the dates of birth of a sample as they stand there, placeholders too; None when no column has any."""
    every = NormaliseContext(day_first=mapping.day_first, reference_year=this_year, placeholder_dates=frozenset())
    parts = mapping.date_part_columns()
    whole = [name for name, mapped in mapping.columns.items() if mapped.role is Role.BIRTH_DATE]
    if not parts and not whole:
        return None
    dates = [date for name in whole for date in normalise_column(Role.BIRTH_DATE, sample[name], every)[0].to_pylist()]
    if parts and not whole:
        wanted = [parts.get(role) for role in (Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY)]
        for row in sample.to_pylist():
            year, month, day = (None if name is None else row[name] for name in wanted)
            dates.append(date_from_parts(year, month, day, every).value)
    return dates
