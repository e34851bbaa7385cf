"""Check the integration in a real Home Assistant, from outside."""
