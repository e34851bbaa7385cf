"""Know who is in: visits, each an entry with its exit, and what they add up to."""
