"""Mend what the repairs show, once the user has seen how."""
