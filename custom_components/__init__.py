"""Hold the custom integrations of Home Assistant."""
