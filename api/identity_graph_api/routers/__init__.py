"""The endpoints, one module per noun of the address; each only translates between HTTP and the library."""

from __future__ import annotations

__all__: list[str] = []
