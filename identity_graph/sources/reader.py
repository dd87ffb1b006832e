"""Opens files and streams their facts: finds files, loaders and mappings, then hands on batch after batch.

Paths and what the user said about them come in; fact batches of one common layout come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from identity_graph.roles import Role
from identity_graph.sources.batches import FactBatch, RawBatch
from identity_graph.sources.canonical import CanonicalOptions
from identity_graph.sources.detect import DetectOptions, detect_mapping
from identity_graph.sources.loader import Loader, ReadOptions, find_loader
from identity_graph.sources.mapping import SourceMapping, check_source_name
from identity_graph.sources.meeting import meet
from identity_graph.sources.paths import expand_paths
from identity_graph.sources.source_names import distinct_source_names
from identity_graph.tables import RECORD_SCHEMA

__all__ = ["OpenOptions", "SourceFile", "SourceReader", "open_sources"]


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How files are read.

    Attributes:
        keep_raw: keep each row as it came (JSON) with its record.
        keep_identifiers: list each record's identifiers.
        batch_rows: rows per batch, about.
        sample_rows: rows the detection looks at.
        reference_year: the year the data are read in: two-digit years lie before it; None is the present year.
        progress: called with the bytes of input taken in since the last call; they add up to `bytes_total`.
    """

    keep_raw: bool = True
    keep_identifiers: bool = True
    batch_rows: int = 10_000
    sample_rows: int = 10_000
    reference_year: int | None = None
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, the loader that reads it and what its columns mean."""

    path: Path
    loader: Loader
    mapping: SourceMapping
    source: str


class SourceReader:
    """The facts of some files, streamed; made by `open_sources`."""

    def __init__(self, files: Iterable[SourceFile], options: OpenOptions) -> None:
        self.files = tuple(files)
        self._options = options

    @property
    def mapping(self) -> SourceMapping:
        """The mapping of the first file; every file's own is in `files`."""
        return self.files[0].mapping

    @property
    def mappings(self) -> dict[str, SourceMapping]:
        """Each file's mapping, by its path."""
        return {str(file.path): file.mapping for file in self.files}

    @property
    def bytes_total(self) -> int:
        """Bytes of all files, compressed as they are; what `progress` adds up to."""
        return sum(file.path.stat().st_size for file in self.files)

    def attribute_roles(self) -> dict[str, Role]:
        """Return the attributes of all files, sorted by name, with the role of each."""
        roles: dict[str, Role] = {}
        for file in self.files:
            roles |= file.mapping.attribute_roles()
        return dict(sorted(roles.items()))

    def batches(self) -> Iterator[FactBatch]:
        """Read all files in order, batch by batch; every batch has the attributes of all files.

        Raises:
            SourceError: a file cannot be used at all, or it has changed since it was opened.
        """
        for _, batch in self.batches_by_file():
            yield batch

    def batches_by_file(self) -> Iterator[tuple[SourceFile, FactBatch]]:
        """Like `batches`, each with the file it comes from."""
        attributes = tuple(self.attribute_roles())
        for file in self.files:
            for batch in self._file_batches(file, attributes):
                yield file, batch

    def _file_batches(self, file: SourceFile, attributes: tuple[str, ...]) -> Iterator[FactBatch]:
        options = self._options
        reading = ReadOptions(file.mapping.encoding, file.mapping.delimiter, options.batch_rows, options.progress)
        canonical = CanonicalOptions(file.source, options.keep_raw, options.keep_identifiers, options.reference_year)
        for raw in file.loader.get(file.path, reading):
            shaped = file.loader.transform(raw)
            if file.loader.fixed_columns:
                file.mapping.check_columns(shaped.columns.column_names, str(file.path))
            else:
                shaped = shaped.with_columns(file.mapping.named_columns())
            batch = file.loader.records(shaped, file.mapping, canonical)
            yield replace(batch, records=_with_attributes(batch.records, attributes))


def open_sources(
    paths: Iterable[str | Path],
    *,
    mapping: SourceMapping | None = None,
    source: str | None = None,
    id_column: str | None = None,
    source_column: str | None = None,
    default_region: str | None = None,
    options: OpenOptions | None = None,
) -> SourceReader:
    """Find files, their loaders and what their columns mean.

    Args:
        paths: files, folders or globs.
        mapping: for every file; None detects one per layout (files with the same columns share it).
        source: name of the source, over the mapping's; None takes the mapping's, else each file's own name (with
            its folder's where names clash).
        id_column: column of the record id, over the mapping's and the detected one.
        source_column: column that names each row's source, over the mapping's and the detected one.
        default_region: ISO alpha-2 region of phone numbers without a country code; None finds it from the data.
        options: how files are read.

    Returns:
        A reader; nothing but a sample of each file has been read so far.

    Raises:
        SourceNotFoundError: no such file, or no loader reads it.
        InvalidMappingError: the mapping or an argument names a column that a file does not have.
    """
    options = options or OpenOptions()
    if source is not None:
        check_source_name(source)
    this_year = options.reference_year or datetime.now(UTC).year
    options = replace(options, reference_year=this_year)
    detection = DetectOptions(id_column, source_column, default_region, this_year)
    opened = []
    found_paths = expand_paths(paths)
    own_names = distinct_source_names(found_paths)
    for path in found_paths:
        loader = find_loader(path)
        sample = _sample(loader, path, mapping, options)
        if not loader.fixed_columns:
            said = mapping.named_columns() if mapping is not None else detection.named_columns()
            sample = RawBatch(sample, pa.nulls(0)).with_columns(said).columns
        opened.append((path, loader, sample))
    if mapping is None:
        mappings = _detected([sample for _, _, sample in opened], detection)
    else:
        mappings = [_overridden(mapping, detection)] * len(opened)
    files = []
    for (path, loader, sample), found in zip(opened, mappings, strict=True):
        found.check_columns(sample.column_names, str(path))
        named = source or found.source or own_names[path]
        files.append(SourceFile(path, loader, replace(found, source=named) if source else found, named))
    return SourceReader(files, options)


def _detected(samples: list[pa.Table], detection: DetectOptions) -> list[SourceMapping]:
    """Detect one mapping per layout, let the layouts meet, and return the mapping of each sample."""
    layouts: dict[tuple[str, ...], tuple[SourceMapping, pa.Table]] = {}
    for sample in samples:
        names = tuple(sorted(sample.column_names))
        if names not in layouts:
            taken = {name: role for known, _ in layouts.values() for name, role in known.attribute_roles().items()}
            layouts[names] = detect_mapping(sample, detection, taken), sample
    met = dict(zip(layouts, meet(list(layouts.values())), strict=True))
    return [met[tuple(sorted(sample.column_names))] for sample in samples]


def _overridden(mapping: SourceMapping, detection: DetectOptions) -> SourceMapping:
    return replace(
        mapping,
        record_id=detection.id_column or mapping.record_id,
        source_column=detection.source_column or mapping.source_column,
        default_region=detection.default_region or mapping.default_region,
    )


def _sample(loader: Loader, path: Path, mapping: SourceMapping | None, options: OpenOptions) -> pa.Table:
    """Read the first rows of a file (for a given mapping its columns are enough)."""
    wanted = options.sample_rows if mapping is None else 1
    reading = ReadOptions(
        None if mapping is None else mapping.encoding, None if mapping is None else mapping.delimiter, wanted
    )
    tables, rows = [], 0
    for raw in loader.get(path, reading):
        shaped: RawBatch = loader.transform(raw)
        tables.append(shaped.columns)
        rows += shaped.columns.num_rows
        if rows >= wanted:
            break
    if not tables:
        return pa.table({})
    return pa.concat_tables(tables, promote_options="default").slice(0, wanted)


def _with_attributes(records: pa.Table, attributes: tuple[str, ...]) -> pa.Table:
    """Give a record table every attribute, null where its file has none, so that all batches have one layout."""
    empty = pa.nulls(records.num_rows, pa.string())
    fixed = [*RECORD_SCHEMA.names, *(["trait_times"] if "trait_times" in records.column_names else [])]
    columns = {name: records.column(name) for name in fixed}
    for name in attributes:
        columns[name] = records.column(name) if name in records.column_names else empty
    return pa.table(columns)
