"""Import and export known vehicles."""
