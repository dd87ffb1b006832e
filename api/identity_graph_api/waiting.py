"""The parameter `wait=applied`: the request goes on when what was accepted before it is applied and resolved.

An async dependency of endpoints that read: it looks from time to time and holds neither a thread nor the event loop
meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Literal

from fastapi import Depends, Query
from starlette.concurrency import run_in_threadpool

from identity_graph.errors import NotAppliedError, ResolverLoadingError
from identity_graph.realtime import Standing, StandingState, ask_standing
from identity_graph_api.services import ServicesDependency

__all__ = ["Waited", "wait_until_applied"]

_LOOK_AGAIN_SECONDS = 0.05
_LONGEST_SECONDS = 30.0


async def wait_until_applied(
    services: ServicesDependency,
    wait: Annotated[
        Literal["applied"] | None,
        Query(
            description="`applied`: wait until what was accepted before is applied and resolved.", examples=["applied"]
        ),
    ] = None,
    timeout: Annotated[
        float, Query(ge=0, le=_LONGEST_SECONDS, description="How long to wait at most, in seconds.", examples=[5.0])
    ] = 5.0,
) -> None:
    """Wait when asked to.

    Raises:
        ResolverLoadingError: it takes longer, because the resolver is still starting.
        NotAppliedError: it takes longer.
    """
    if wait is None:
        return
    pending = await run_in_threadpool(services.freshness.pending)
    deadline = time.monotonic() + timeout
    while not await run_in_threadpool(pending.done):
        if time.monotonic() >= deadline:
            raise _late(timeout, await run_in_threadpool(ask_standing, services.settings.data_dir))
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _late(timeout: float, standing: Standing) -> NotAppliedError:
    """Say that it takes longer, and what the resolver is at."""
    message = (
        f"What was accepted before the request is not applied and resolved after {timeout:g} s: {standing.text()}."
    )
    if standing.state in (StandingState.LOADING, StandingState.RESOLVING_ALL):
        return ResolverLoadingError(message, next_step="Ask again; GET /ready shows when the resolver is ready.")
    if standing.state is StandingState.NONE:
        return NotAppliedError(
            message, next_step="Start what applies and resolves: identity-graph serve, or identity-graph apply."
        )
    return NotAppliedError(
        message, next_step="Ask again; `identity-graph status` shows the backlog, and whether anybody applies it."
    )


Waited = Depends(wait_until_applied)
