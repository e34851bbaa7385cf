"""Translate the codes that ISAPI ANPR sends into the names used elsewhere."""
