"""A real Home Assistant with a simulated camera, for the demo and the end-to-end run."""
