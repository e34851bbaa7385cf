"""Track who is inside: visits, and statistics of them."""
