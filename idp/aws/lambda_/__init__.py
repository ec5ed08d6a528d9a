"""The Lambda API: functions of Python code, and running them."""
