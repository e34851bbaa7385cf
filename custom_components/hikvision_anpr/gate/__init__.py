"""Decide about and open the gate."""
