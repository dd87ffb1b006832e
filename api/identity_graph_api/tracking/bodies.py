"""Reads the body of a tracking request: whole, decompressed and decoded, whatever its content type says.

The request's messages come in, a JSON value goes out, or BodyProblem. Bounded in memory: what is sent and what it
becomes when decompressed are both counted.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive

__all__ = ["REQUEST_BYTES", "BodyProblem", "Disconnected", "decode_json", "message_of_query", "read_body"]

REQUEST_BYTES = 4_000_000
"""Largest body, sent and decompressed. Source: RudderStack's gateway, `maxReqSizeInKB` 4000."""

_DRAINED_BYTES = 4 * REQUEST_BYTES
_PIECE_BYTES = 1024
_GZIP = b"\x1f\x8b"


class BodyProblem(Exception):
    """A body that cannot be read, with the answer to give."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Disconnected(Exception):
    """The sender went away before its request was whole; nobody waits for an answer."""


async def read_body(receive: Receive, encoding: str) -> bytes:
    """Read and decompress a body.

    Args:
        receive: the request's messages.
        encoding: its Content-Encoding; a gzip body is known by its first bytes too.

    Raises:
        BodyProblem: it is larger than it may be, or not what its encoding says.
        Disconnected: the sender went away.
    """
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size <= REQUEST_BYTES:
            parts.append(part)
        elif size > _DRAINED_BYTES:
            break  # a sender of a little too much hears why; one without end is cut off
    if size > REQUEST_BYTES:
        raise _too_large()
    body = b"".join(parts)
    if body.startswith(_GZIP) or encoding in ("gzip", "deflate"):
        return _decompressed(body)
    return body


def decode_json(body: bytes | str) -> Any:
    """Decode JSON.

    Raises:
        BodyProblem: it is no JSON, or nested too deep to be read.
    """
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "surrogatepass")
        return _DECODER.decode(text)
    except RecursionError:
        raise BodyProblem(400, "too_deep", "The body is nested too deep.") from None
    except ValueError:
        raise BodyProblem(400, "invalid_json", "The body is no JSON in UTF-8.") from None


def message_of_query(query: str) -> dict[str, Any]:
    """Read the message that an image's address carries.

    `data` holds it as JSON, in base64 or plain (Segment); else each parameter is a field, with dots for inner ones
    (RudderStack).

    Raises:
        BodyProblem: `data` holds no JSON object.
    """
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    data = parameters.get("data")
    if data is None:
        message: dict[str, Any] = {}
        for name, value in parameters.items():
            _put(message, name.split("."), value)
        return message
    found = decode_json(_unbase64(data))
    if not isinstance(found, dict):
        raise BodyProblem(400, "not_an_object", "`data` must hold a JSON object.")
    return {"writeKey": parameters["writeKey"], **found} if "writeKey" in parameters else found


def _put(message: dict[str, Any], path: list[str], value: str) -> None:
    for name in path[:-1]:
        inner = message.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        message = inner
    message[path[-1]] = value


def _unbase64(data: str) -> bytes | str:
    """Undo base64, in either alphabet and with or without padding; JSON itself begins with a brace and stays."""
    if data.lstrip().startswith("{"):
        return data
    text = data.replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BodyProblem(400, "invalid_json", "`data` is neither base64 nor JSON.") from None


def _decompressed(body: bytes) -> bytes:
    """Undo gzip or zlib, of one member or several.

    Piece by piece: what follows the end of a member is copied, and of a body of empty members that would be all the
    rest, 200,000 times.
    """
    parts: list[bytes] = []
    size = 0
    stream = None
    for start in range(0, len(body), _PIECE_BYTES):
        piece = body[start : start + _PIECE_BYTES]
        while piece:
            stream = stream or zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by their first bytes
            try:
                part = stream.decompress(piece, REQUEST_BYTES + 1 - size)
            except zlib.error:
                raise BodyProblem(400, "invalid_encoding", "The body is not compressed as its encoding says.") from None
            size += len(part)
            if size > REQUEST_BYTES:
                raise _too_large()
            parts.append(part)
            piece, stream = (stream.unused_data, None) if stream.eof else (b"", stream)
    if stream is not None:
        raise BodyProblem(400, "invalid_encoding", "The compressed body ends too early.")
    return b"".join(parts)


def _too_large() -> BodyProblem:
    return BodyProblem(413, "too_large", f"The request is larger than {REQUEST_BYTES:,} bytes when decompressed.")


def _refuse(word: str) -> None:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
