"""HTTP as `identity-graph serve` speaks it: uvicorn's protocol over httptools, bounded, and HTTP/1.1 whatever is asked.

Bytes of a connection come in. A head larger than it may be is answered with 431 and hung up on, and what follows a body
without end is cut off: a sender could fill the memory with either, before anything here sees a request. Who offers
another protocol, as Java's client does by default, is heard in this one.
"""

from __future__ import annotations

import sys

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

__all__ = ["HEAD_BYTES", "BoundedHttp"]

HEAD_BYTES = 64 * 1024
"""Largest head of a request: address and headers. As much may stand between two parts of a body, or after the last."""

_TOO_LARGE = b"The head of the request is too large."
_FRAMING = (b"content-length", b"transfer-encoding")


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _in_head = True
    _beside_body = 0
    _goes_on = False
    _read = 0

    def data_received(self, data: bytes) -> None:
        """Read what came, unless a head, or what stands beside a body, goes on for too long."""
        self._beside_body += len(data)
        while data:
            self._read = len(data)
            super().data_received(data)
            data = data[self._read :]
        if self._beside_body > HEAD_BYTES and not self.transport.is_closing():
            if self._in_head:
                self._refuse_head()
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        if not self._goes_on:
            super().on_message_begin()
            self._in_head, self._beside_body = True, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        if not self._goes_on:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those that follow a body come too late to say anything of it."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: what follows is the body, which the routes bound."""
        if not self._goes_on:
            super().on_headers_complete()
            self._in_head, self._beside_body = False, 0
        self._goes_on = False

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._beside_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; where another protocol was asked for, the parser takes the head for all of it."""
        self._beside_body = 0
        if self._should_upgrade() or not self.parser.should_upgrade():
            super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Go on without the upgrade, as a server may: the parser reads no body after it, so another one does."""
        stopped = sys.exc_info()[1]
        if not isinstance(stopped, httptools.HttpParserUpgrade):
            return
        (self._read,) = stopped.args
        framing = b"".join(b"%s: %s\r\n" % header for header in self.headers if header[0] in _FRAMING)
        self.parser = httptools.HttpRequestParser(self)
        self._goes_on = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n")

    def _refuse_head(self) -> None:
        length = str(len(_TOO_LARGE)).encode()
        lines = (STATUS_LINE[431], b"content-type: text/plain\r\ncontent-length: ", length, b"\r\nconnection: close")
        self.transport.write(b"".join((*lines, b"\r\n\r\n", _TOO_LARGE)))
