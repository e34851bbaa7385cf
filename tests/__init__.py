"""Tests of the Hikvision ANPR integration."""
