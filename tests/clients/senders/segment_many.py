"""Sends sixty messages in batches of ten with segment-analytics-python, and says what could not be delivered."""

import sys

from segment.analytics.client import Client

problems: list[str] = []
client = Client(
    sys.argv[2], host=sys.argv[1], upload_size=10, max_retries=10,
    on_error=lambda error, items: problems.append(repr(error)),
)  # fmt: skip
for number in range(60):
    client.track("u1", "Seen", {"number": number})
client.flush()  # waits as long as the service says; `shutdown` alone would give up waiting
client.shutdown()
sys.exit("\n".join(problems) or 0)
