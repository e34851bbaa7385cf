"""Check the repository itself, as hassfest and HACS do online."""
