"""Where the tests find the project and the material shared beside it."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 * 1024**3

SCRATCH = _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH else None
"""A folder in memory where there is one with room: databases that synchronise every commit are faster there."""
