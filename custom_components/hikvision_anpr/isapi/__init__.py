"""Speak ISAPI, the HTTP interface of Hikvision devices, for number-plate recognition.

Knows nothing of Home Assistant: it could be lifted out as a package of its own.
"""
