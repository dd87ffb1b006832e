"""Sends one message of each kind with segment-analytics-python; run by the interpreter that has it."""

import sys

from segment import analytics

host, write_key = sys.argv[1:3]
problems: list[str] = []
analytics.host = host
analytics.write_key = write_key
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
sys.exit("\n".join(problems) or 0)
