"""Describe what is wrong with an imported file."""

from typing import Literal

type FileProblem = Literal[
    "file_empty",
    "file_cut_off",
    "file_mixed_encodings",
    "file_not_readable",
    "file_too_large",
    "file_without_device",
    "file_without_plates",
    "file_without_times",
    "column_not_found",
    "unknown_device",
    "unknown_list",
    "time_missing",
    "time_out_of_range",
    "unknown_time",
    "unknown_number",
    "unknown_week",
    "plate_too_long",
    "plate_is_formula",
    "plate_twice",
    "too_many_for_xls",
]


class FileError(Exception):
    """Say why a file, or a row of it, cannot be taken; `problem` names why."""

    def __init__(self, problem: FileProblem, **placeholders: str) -> None:
        """Name the problem, and what its text has to say."""
        super().__init__(problem)
        self.problem = problem
        self.placeholders = placeholders
