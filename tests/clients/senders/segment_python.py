"""Sends one message of each kind with segment-analytics-python; run by the interpreter that has it."""

import sys

from python_messages import send_all
from segment import analytics

analytics.host, analytics.write_key = sys.argv[1:3]
sys.exit(send_all(analytics) or 0)
