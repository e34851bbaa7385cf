"""Bring every plate read in: once, as a passage, live or recovered."""
