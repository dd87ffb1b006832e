"""HTTP as `identity-graph serve` speaks it: uvicorn's protocol over httptools, with a bound on the head of a request.

Bytes of a connection come in; a head larger than it may be is answered with 431 and hung up on. Without a bound a
sender could fill the memory with one header that never ends, before anything here sees a request.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

__all__ = ["HEAD_BYTES", "BoundedHttp"]

HEAD_BYTES = 64 * 1024
"""Largest head of a request: address and headers."""

_TOO_LARGE = b"The head of the request is too large."


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _in_head = True
    _head = 0

    def data_received(self, data: bytes) -> None:
        """Read what came, unless the head goes on for too long."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            length = str(len(_TOO_LARGE)).encode()
            lines = (
                STATUS_LINE[431],
                b"content-type: text/plain\r\ncontent-length: ",
                length,
                b"\r\nconnection: close",
            )
            self.transport.write(b"".join((*lines, b"\r\n\r\n", _TOO_LARGE)))
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """The head is whole: what follows is the body, which the routes bound."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()
