"""Tests of what decides and moves the gate."""
