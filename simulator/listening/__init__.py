"""Listening, seen from the device: it posts its events to hosts (reference 3)."""
