"""Manage known vehicles: lists, validity, and matching."""
