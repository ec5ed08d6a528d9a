"""The project's own files, as the house tests read them."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+)", re.MULTILINE)


def files() -> list[str]:
    """Return the path of every file that is or would be committed, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in listing.split("\0") if (ROOT / name).is_file())


def read(name: str) -> str:
    """Return the text of a file of the project; bytes that are no UTF-8 are left out."""
    return (ROOT / name).read_text(encoding="utf-8", errors="ignore")


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads(read("pyproject.toml"))


def pins(lock: str) -> dict[str, str]:
    """Return the version that a lock file pins for each package, by normalized name."""
    return {match["name"]: match["version"] for match in PIN.finditer(read(lock))}


def lock_entries(lock: str) -> list[str]:
    """Return the entries of a lock file, each with its continuation lines and without comments."""
    lines = [line for line in read(lock).splitlines() if line and not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()
