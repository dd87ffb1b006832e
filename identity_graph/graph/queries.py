"""The query catalogue: every file of `cypher/`, by its name, with its parsed header.

The files come in (from the installed package, or from the checkout when the install is editable); named queries with
text and header go out. Text never leaves `graph/`: other packages pass names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from identity_graph.errors import InvalidSettingError, NotFoundError

__all__ = ["Access", "Query", "QueryHeader", "all_queries", "parse_query", "query"]

Access = Literal["read", "write", "schema"]

_REQUIRED = ("purpose", "access", "parameters", "columns", "index", "example")
_OPTIONAL = ("title",)
_HEADER_LINE = re.compile(r"//\s*(?P<field>[a-z]+):\s*(?P<text>.*)")
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_KEYED = re.compile(r"[A-Z]\w*\.[a-z]\w*")
_ROWS_FIRST = "UNWIND $rows AS row\n"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class QueryHeader:
    """What the header of a query file says.

    Attributes:
        purpose: one sentence.
        access: `read`, `write` or `schema`.
        parameters: parameter name to its description, in the order of the file.
        columns: names of the returned columns, in order; empty when nothing is returned.
        index: the `Label.property` lookups it starts from; empty when it scans on purpose.
        example: parameters that a test can run it with.
        scan_reason: why it scans; empty when it is keyed.
        title: a name for people (segments); None elsewhere.
    """

    purpose: str
    access: Access
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    index: tuple[str, ...]
    example: Mapping[str, Any]
    scan_reason: str = ""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the catalogue: its name (`package/name`), header and text."""

    name: str
    header: QueryHeader
    text: str

    @property
    def takes_rows(self) -> bool:
        """Say whether it does something for each of `$rows` alone, so that parts of them may follow one another."""
        return self.header.access == "write" and self.text.startswith(_ROWS_FIRST)


def query(name: str) -> Query:
    """Return one query by its name, such as `facts/upsert_records`.

    Raises:
        NotFoundError: there is no such query; the message names near ones.
        InvalidSettingError: its header is malformed.
    """
    path = _files().get(name)
    if path is None:
        near = get_close_matches(name, _files(), n=3, cutoff=0.5)
        raise NotFoundError(
            f"There is no query {name!r} in the catalogue.",
            ids=[name],
            next_step=f"Near names: {', '.join(near)}." if near else "See the files in cypher/.",
        )
    return _read(name, path)


def all_queries() -> tuple[Query, ...]:
    """Return every query, sorted by name.

    Raises:
        InvalidSettingError: a header is malformed.
    """
    return tuple(_read(name, path) for name, path in sorted(_files().items()))


def parse_query(name: str, content: str) -> Query:
    """Parse the content of one query file.

    Raises:
        InvalidSettingError: a header line is absent, unknown or unreadable, or does not fit the text.
    """
    fields: dict[str, str] = {}
    lines = content.splitlines()
    start = 0
    for line in lines:
        match = _HEADER_LINE.fullmatch(line.strip())
        if match is None:
            break
        fields[match["field"]] = match["text"].strip()
        start += 1
    text = "\n".join(lines[start:]).strip()
    _check_fields(name, fields, text)
    keyed, scan_reason = _index(name, fields["index"])
    header = QueryHeader(
        purpose=fields["purpose"],
        access=_access(name, fields["access"]),
        parameters=MappingProxyType(_parameters(fields["parameters"])),
        columns=_columns(fields["columns"]),
        index=keyed,
        example=MappingProxyType(_example(name, fields["example"])),
        scan_reason=scan_reason,
        title=fields.get("title"),
    )
    _check_parameters(name, header, text)
    return Query(name, header, text)


@cache
def _files() -> dict[str, Path]:
    folder = _ROOT / "_cypher"
    if not folder.is_dir():
        folder = _ROOT.parent / "cypher"
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.cypher")}


@cache
def _read(name: str, path: Path) -> Query:
    return parse_query(name, path.read_text(encoding="utf-8"))


def _malformed(name: str, problem: str) -> InvalidSettingError:
    return InvalidSettingError(
        f"The query file {name}.cypher {problem}.", ids=[name], next_step="ARCHITECTURE.md, Queries, shows the header."
    )


def _check_fields(name: str, fields: Mapping[str, str], text: str) -> None:
    missing = [field for field in _REQUIRED if not fields.get(field)]
    if missing:
        raise _malformed(name, f"has no header line {', '.join(missing)}")
    unknown = [field for field in fields if field not in (*_REQUIRED, *_OPTIONAL)]
    if unknown:
        raise _malformed(name, f"has unknown header lines: {', '.join(unknown)}")
    if not text:
        raise _malformed(name, "has a header but no query")


def _access(name: str, text: str) -> Access:
    if text not in ("read", "write", "schema"):
        raise _malformed(name, f"has the access {text!r}, not read, write or schema")
    return cast(Access, text)


def _parameters(text: str) -> dict[str, str]:
    """Split `$a first, $b second` at the parameter signs; descriptions may hold commas."""
    pieces = re.split(r"[,;]?\s*(?=\$[A-Za-z_])", text)
    return {
        match[1]: piece[match.end() :].strip() for piece in pieces if (match := _PARAMETER.match(piece)) is not None
    }


def _columns(text: str) -> tuple[str, ...]:
    if text == "-":
        return ()
    outside = re.sub(r"[({][^(){}]*[)}]", "", text)
    return tuple(piece.split()[0] for piece in re.split(r"[,;]\s*", outside) if piece.strip())


def _index(name: str, text: str) -> tuple[tuple[str, ...], str]:
    if text.startswith("-"):
        reason = text[1:].strip()
        if not reason:
            raise _malformed(name, "scans without saying why (`// index: - reason`)")
        return (), reason
    keyed = tuple(_KEYED.findall(text))
    if not keyed:
        raise _malformed(name, f"names no Label.property in its index line {text!r}")
    return keyed, ""


def _example(name: str, text: str) -> dict[str, Any]:
    try:
        example = json.loads(text)
    except ValueError as error:
        raise _malformed(name, f"has an example that is not JSON ({error})") from error
    if not isinstance(example, dict):
        raise _malformed(name, "has an example that is not a JSON object")
    return example


def _check_parameters(name: str, header: QueryHeader, text: str) -> None:
    used = set(_PARAMETER.findall(text))
    for what, names in (("header", set(header.parameters)), ("example", set(header.example))):
        if names != used:
            wrong = ", ".join(sorted(names ^ used))
            raise _malformed(name, f"uses other parameters than its {what} names: {wrong}")
