"""Sends one message of each kind with rudder-sdk-python; run by the interpreter that has it."""

import sys

import rudderstack.analytics as analytics
from python_messages import send_all

analytics.dataPlaneUrl, analytics.write_key = sys.argv[1:3]
sys.exit(send_all(analytics) or 0)
