"""Move the gate."""
