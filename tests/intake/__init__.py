"""Test taking reads in: clock, identity and passages."""
