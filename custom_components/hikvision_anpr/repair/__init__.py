"""Fix problems of devices from the repairs."""
