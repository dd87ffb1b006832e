"""Raw rows to canonical facts by the mapping: records, touchpoints, and rejects for what cannot be read.

A raw batch and its mapping come in, a fact batch goes out. Works column by column; only rows with a problem are
looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.model import Reject
from identity_graph.normalise import NormaliseContext, date_from_parts, normalise_column
from identity_graph.roles import STRUCTURE_ROLES, Role
from identity_graph.sources.batches import FactBatch, RawBatch, no_touchpoints
from identity_graph.sources.identifiers import IdentifierColumn, identifier_lists, no_identifiers
from identity_graph.sources.json_rows import json_rows
from identity_graph.sources.mapping import SourceMapping, source_name
from identity_graph.sources.record_ids import ContentIds
from identity_graph.sources.same_record import merge_same_record
from identity_graph.sources.touchpoints import touchpoint_table

__all__ = ["CanonicalOptions", "canonical_facts"]

_TIMESTAMP = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class CanonicalOptions:
    """What the caller needs of the facts.

    Attributes:
        source: name of the source where neither mapping nor row says.
        keep_raw: fill `raw` with the row as JSON; else it is `{}`.
        keep_identifiers: fill `identifiers`; else they are empty.
        reference_year: the year the data are read in, which two-digit years lie before; None is the default of
            `NormaliseContext`.
        content_ids: counts identical rows of one file when ids are made from content.
    """

    source: str = "source"
    keep_raw: bool = True
    keep_identifiers: bool = True
    reference_year: int | None = None
    content_ids: ContentIds = field(default_factory=ContentIds)


def canonical_facts(raw: RawBatch, mapping: SourceMapping, options: CanonicalOptions) -> FactBatch:
    """Turn raw rows into canonical facts.

    Args:
        raw: rows of one file; has every column the mapping names.
        mapping: what the columns mean.
        options: what the caller needs.

    Returns:
        The facts; rows of one record in this batch are one record (the later row wins, or they add up when the
        mapping says that records grow).
    """
    sources = _sources(raw.columns, mapping, options)
    rejects = [_with_source(reject, mapping.source or options.source) for reject in raw.rejects]
    ids = _record_ids(raw.columns, mapping, options)
    usable = pc.is_valid(ids)
    if not pc.all(usable).as_py():
        rejects += _missing_ids(raw, sources, pc.invert(usable), mapping)
        raw = RawBatch(raw.columns.filter(usable), raw.lines.filter(usable), (), raw.file)
        sources, ids = sources.filter(usable), ids.filter(usable)
    rows = _Rows(raw, sources, mapping, rejects, _context(mapping, options))
    attributes, identifier_columns = rows.attributes()
    count = raw.columns.num_rows
    keys = pc.binary_join_element_wise(sources, ids, pa.scalar(":"))
    lists = identifier_lists(identifier_columns, count) if options.keep_identifiers else no_identifiers(count)
    records = pa.table(
        {
            "key": keys, "source": sources, "record_id": ids, "observed_at": rows.observed_at(),
            "raw": json_rows(raw.columns) if options.keep_raw else _repeat("{}", count),
            "grows": pa.array(np.full(count, mapping.grows)), "identifiers": lists, **attributes,
        }
    )  # fmt: skip
    touchpoints = no_touchpoints()
    if mapping.touchpoint is not None:
        touchpoints = touchpoint_table(raw.columns, mapping, sources, keys, rows.moments, lists)
    merged = merge_same_record(records, mapping.grows)
    return FactBatch(
        merged, touchpoints, tuple(rejects), count + sum(not r.kept_record for r in rejects), count - merged.num_rows
    )


class _Rows:
    """The rows of one batch on their way to canonical columns; problems are added to the rejects."""

    def __init__(
        self,
        raw: RawBatch,
        sources: pa.Array,
        mapping: SourceMapping,
        rejects: list[Reject],
        context: NormaliseContext,
    ) -> None:
        self._raw, self._sources, self._mapping, self._rejects = raw, sources, mapping, rejects
        self._context = context
        self._moments: dict[str, pa.Array] = {}

    def attributes(self) -> tuple[dict[str, pa.Array], list[IdentifierColumn]]:
        """Return the canonical attribute columns, sorted by name, and the identifier columns among them."""
        columns: dict[str, pa.Array] = {}
        identifiers: list[IdentifierColumn] = []
        for name, mapped in self._mapping.columns.items():
            if mapped.role in STRUCTURE_ROLES or mapped.attribute is None:
                continue
            values = self._read(name, mapped.role)
            columns[mapped.attribute] = values
            if mapped.namespace is not None:
                identifiers.append(IdentifierColumn(mapped.namespace, values))
        parts = self._mapping.date_part_columns()
        if parts and Role.BIRTH_DATE.value not in columns:
            columns[Role.BIRTH_DATE.value] = self._birth_date(parts)
        return dict(sorted(columns.items())), identifiers

    def observed_at(self) -> pa.Array:
        """Return when each row was seen: the column of that role, else the time of the touchpoint, else null."""
        column = self._mapping.column_of(Role.OBSERVED_AT)
        if column is None and self._mapping.touchpoint is not None:
            column = self._mapping.touchpoint.at
        return self.moments(column)

    def moments(self, column: str | None) -> pa.Array:
        """Return a column as UTC times; null where it cannot be read (and rejected, once per column)."""
        if column is None:
            return pa.nulls(self._raw.columns.num_rows, _TIMESTAMP)
        if column not in self._moments:
            text = self._read(column, Role.OBSERVED_AT)
            self._moments[column] = pc.replace_substring(text, "Z", "").cast(pa.timestamp("us")).cast(_TIMESTAMP)
        return self._moments[column]

    def _read(self, column: str, role: Role) -> pa.Array:
        values, problems = normalise_column(role, self._raw.columns.column(column), self._context)
        self._reject(column, self._raw.columns.column(column).combine_chunks(), problems)
        return values

    def _birth_date(self, parts: dict[Role, str]) -> pa.Array:
        """Put the birth date together from its parts, once per distinct combination."""
        wanted = (Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY)
        texts = [
            pc.fill_null(self._raw.columns.column(parts[role]).combine_chunks(), "")
            if role in parts
            else _repeat("", self._raw.columns.num_rows)
            for role in wanted
        ]
        joined = pc.dictionary_encode(pc.binary_join_element_wise(*texts, pa.scalar("\x1f")))
        answers = []
        for text in joined.dictionary.to_pylist():
            year, month, day = text.split("\x1f") if text.count("\x1f") == 2 else ("", "", "")
            answers.append(date_from_parts(year, month, day, self._context))
        problems = pa.array([answer.problem for answer in answers], pa.string()).take(joined.indices)
        shown = pc.binary_join_element_wise(*texts, pa.scalar("-"))
        self._reject(next(parts[role] for role in wanted if role in parts), shown, problems)
        return pa.array([answer.value for answer in answers], pa.string()).take(joined.indices)

    def _reject(self, column: str, texts: pa.Array, problems: pa.Array) -> None:
        if problems.null_count == len(problems):
            return
        bad = pc.is_valid(problems)
        whole = json_rows(self._raw.columns.filter(bad)).to_pylist()
        values, reasons = texts.filter(bad).to_pylist(), problems.filter(bad).to_pylist()
        lines, sources = self._raw.lines.filter(bad).to_pylist(), self._sources.filter(bad).to_pylist()
        for value, reason, line, source, row in zip(values, reasons, lines, sources, whole, strict=True):
            self._rejects.append(Reject(source, self._raw.file, line, column, value or "", reason, row, True))


def _context(mapping: SourceMapping, options: CanonicalOptions) -> NormaliseContext:
    region, dates = mapping.default_region, mapping.placeholder_dates
    context = NormaliseContext(default_region=region, day_first=mapping.day_first, country=region)
    if dates is not None:
        context = replace(context, placeholder_dates=frozenset(dates))
    return context if options.reference_year is None else replace(context, reference_year=options.reference_year)


def _sources(columns: pa.Table, mapping: SourceMapping, options: CanonicalOptions) -> pa.Array:
    constant = mapping.source or options.source
    if mapping.source_column is None:
        return _repeat(constant, columns.num_rows)
    named = pc.dictionary_encode(columns.column(mapping.source_column).combine_chunks())
    safe = [source_name(text) if text.strip() else constant for text in named.dictionary.to_pylist()]
    return pc.fill_null(pa.array(safe, pa.string()).take(named.indices), constant)


def _record_ids(columns: pa.Table, mapping: SourceMapping, options: CanonicalOptions) -> pa.Array:
    """Return the id of each row, null where it has none; outer blanks are not part of an id."""
    names = mapping.id_columns()
    if not names:
        return options.content_ids.of(json_rows(columns, sorted(columns.column_names)))
    tried = []
    for name in names:
        ids = pc.utf8_trim_whitespace(columns.column(name).combine_chunks())
        ids = pc.if_else(pc.equal(ids, ""), pa.scalar(None, pa.string()), ids)
        # With several columns the same text in two of them is two ids: user 7 is not visitor 7.
        tried.append(pc.binary_join_element_wise(name, ids, "=") if len(names) > 1 else ids)
    return pc.coalesce(*tried)


def _missing_ids(raw: RawBatch, sources: pa.Array, missing: pa.Array, mapping: SourceMapping) -> list[Reject]:
    lines, names = raw.lines.filter(missing).to_pylist(), sources.filter(missing).to_pylist()
    rows = json_rows(raw.columns.filter(missing)).to_pylist()
    return [
        Reject(source, raw.file, line, mapping.id_columns()[0], "", "missing_id", row, False)
        for source, line, row in zip(names, lines, rows, strict=True)
    ]


def _with_source(reject: Reject, source: str) -> Reject:
    if reject.source:
        return reject
    return Reject(
        source, reject.file, reject.line, reject.column, reject.value, reject.reason, reject.raw, reject.kept_record
    )


def _repeat(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)
