"""Guards the wheel: a release without the bundled front end or the compiled catalogues would serve no page."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MANIFEST = Path("webui/static/dist/manifest.json")
FACE = Path("webui/static/dist/fonts/NotoSansHans-Regular.otf")
CATALOGUES = Path("webui/translations")


class BuiltFirst(BuildHookInterface):
    """Refuses a wheel of a checkout where `make frontend` was not run; editable installs are built before it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Ends the build with one sentence when something that is built is missing."""
        if version != "standard":
            return
        missing = _missing(Path(self.root))
        if missing:
            self.app.abort(f"{', '.join(missing)} missing, so the wheel would serve no page: run `make frontend` first")


def _missing(root: Path) -> list[str]:
    languages = sorted({each.parent.name for each in (root / CATALOGUES).glob("*/*.po")})
    wanted = [MANIFEST, FACE, *(CATALOGUES / each / "LC_MESSAGES" / "messages.mo" for each in languages)]
    return [path.as_posix() for path in wanted if not (root / path).is_file()]
