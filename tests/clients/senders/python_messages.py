"""The messages both Python SDKs send, one of each kind; their calls are alike."""

from typing import Any


def send_all(analytics: Any) -> str:
    """Send everything and wait for it; returns what went wrong, a line each."""
    problems: list[str] = []
    analytics.max_retries = 3
    analytics.on_error = lambda error, items: problems.append(repr(error))
    analytics.identify("u1", {"email": "jane@mail.test", "firstName": "Jane"}, anonymous_id="a1")
    analytics.track("u1", "Order Completed", {"total": 9.5})
    analytics.page("u1", "Docs", "Python", {"url": "https://site.test/docs"})
    analytics.screen("u1", "Home", "Start", {"size": 2})
    analytics.group("u1", "g1", {"name": "Acme"})
    analytics.alias("a0", "u1")
    analytics.track(user_id=None, anonymous_id="a2", event="Late", properties={"text": "Grüße 🎉"})
    analytics.shutdown()
    return "\n".join(problems)
