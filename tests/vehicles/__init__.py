"""Tests of the known vehicles."""
