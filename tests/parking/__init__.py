"""Tests of who is inside."""
