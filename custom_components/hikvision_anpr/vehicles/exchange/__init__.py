"""Take known vehicles out into files, and in from those of others."""
