"""Answers that a client may keep and ask for again: a strong ETag made from the content, and 304 while it is the same.

A request and a body come in, a response goes out. Profiles are personal data, so only the client may keep them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fastapi import Request, Response
from pydantic import BaseModel

__all__ = ["CONDITIONAL_RESPONSES", "conditional"]

CONDITIONAL_RESPONSES: dict[int | str, dict[str, str]] = {
    304: {"description": "What the client has (If-None-Match) is still so; no body."}
}


def conditional(request: Request, body: BaseModel) -> Response:
    """Answer with a body, or with 304 when the client has just this one."""
    content = body.model_dump_json().encode()
    tag = f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, X-API-Key"}
    if _has(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _has(lines: Sequence[str], tag: str) -> bool:
    """Say whether If-None-Match names a tag; weak ones count too, as RFC 9110 has it for this header.

    Args:
        lines: the header as often as it was sent; together they are one list.
    """
    named = {one.strip().removeprefix("W/") for line in lines for one in line.split(",")}
    return tag in named or "*" in named
