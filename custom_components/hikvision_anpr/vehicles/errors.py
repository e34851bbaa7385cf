"""Say what is wrong with what is asked of the registry."""

from typing import Literal

type VehicleProblem = Literal[
    "ends_before_it_begins",
    "no_time_of_day",
    "plate_taken",
    "plate_too_long",
    "plate_without_characters",
    "range_without_length",
    "text_too_long",
    "unknown_day",
    "vehicle_not_found",
]


class VehicleError(Exception):
    """Say that a vehicle cannot be kept as it is given; `problem` names why."""

    def __init__(self, problem: VehicleProblem, **placeholders: str) -> None:
        """Name the problem, and what its text has to say."""
        super().__init__(problem)
        self.problem = problem
        self.placeholders = placeholders
