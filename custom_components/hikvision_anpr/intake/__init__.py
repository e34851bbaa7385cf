"""Receive every plate read once, as a passage, live or recovered."""
