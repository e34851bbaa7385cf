"""What is on a simulated camera's own list."""

from simulator.camera import SimulatedCamera


def kept(camera: SimulatedCamera) -> dict[str, str]:
    """Return the plates on the list, and which list each is on."""
    records = camera.device.plate_list.records.values()
    return {record.plate: record.kind for record in records}
