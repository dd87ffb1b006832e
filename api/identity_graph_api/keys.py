"""Checks API keys: who may ask.

The header `Authorization: Bearer KEY` or `X-API-Key: KEY` comes in; nothing goes out, or AuthenticationError. With no
key configured only clients on this machine are answered.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import (
    APIKeyHeader,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
)

from identity_graph.errors import AuthenticationError
from identity_graph.settings import Settings
from identity_graph_api.loopback import is_loopback

__all__ = ["KeyRing", "check_basic_key", "check_key"]

_bearer = HTTPBearer(auto_error=False, description="An API key of IDENTITY_GRAPH_API_KEYS.")
_basic = HTTPBasic(auto_error=False, description="The user is an API key; no password.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same key, for tools without Bearer.")


class KeyRing:
    """The API keys that are good; kept as digests."""

    def __init__(self, keys: list[str]) -> None:
        self._digests = tuple(_digest(key) for key in keys)

    @classmethod
    def from_settings(cls, settings: Settings) -> KeyRing:
        """Read the comma-separated keys of the settings."""
        keys = settings.api_keys.get_secret_value().split(",")
        return cls([key.strip() for key in keys if key.strip()])

    @property
    def empty(self) -> bool:
        """No key is configured."""
        return not self._digests

    def __len__(self) -> int:
        return len(self._digests)

    def knows(self, key: str) -> bool:
        """Say whether a key is good, in a time that does not depend on how much of it is right."""
        digest = _digest(key)
        # Every key is compared, so that the time does not tell which one was near.
        return sum(hmac.compare_digest(digest, known) for known in self._digests) > 0


def check_key(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> None:
    """Let a request pass, or refuse it.

    Raises:
        AuthenticationError: the key is absent or unknown; or none is configured and the client is elsewhere.
    """
    _admit(request, bearer.credentials if bearer else header)


def check_basic_key(
    request: Request,
    basic: Annotated[HTTPBasicCredentials | None, Security(_basic)],
    header: Annotated[str | None, Security(_header)],
) -> None:
    """Let a request pass whose key is the user of Basic authentication, as clients of Segment send it.

    Raises:
        AuthenticationError: the key is absent or unknown; or none is configured and the client is elsewhere.
    """
    _admit(request, basic.username if basic else header)


def _admit(request: Request, sent: str | None) -> None:
    keys: KeyRing = request.app.state.keys
    if keys.empty:
        if _is_local(request):
            return
        raise AuthenticationError(
            "This service has no API keys, so it answers clients on its own machine only.",
            next_step="Set IDENTITY_GRAPH_API_KEYS on the server and send one of them.",
        )
    if not sent:
        raise AuthenticationError(
            "The request has no API key.",
            next_step="Send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`.",
        )
    if not keys.knows(sent):
        raise AuthenticationError(
            "The API key is not known.", next_step="Use one of IDENTITY_GRAPH_API_KEYS of the server."
        )


def _is_local(request: Request) -> bool:
    """Say whether the client is on this machine.

    The host asked for must be this machine too: otherwise a web page elsewhere could point its own name at the
    loopback address and read answers through the visitor's browser.
    """
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(request.url.hostname or "")


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
