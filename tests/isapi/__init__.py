"""Test speaking ISAPI."""
