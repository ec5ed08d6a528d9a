"""Create or refresh the virtual environment `.venv` from a lock file; do nothing when it is already current.

Run by the Makefile with a Python of 3.11 or newer and nothing but its standard library:
`python .ci/environment.py run` (what serving needs) or `python .ci/environment.py dev` (that, and what tests need).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
SATISFIES = {"run": ["run"], "dev": ["run", "dev"]}
NO_PIP = """\
This Python has neither the module ensurepip nor pip, so no virtual environment can be filled.
Debian and Ubuntu ship them apart: apt-get install python3-venv
or name another Python: make PYTHON=/path/to/python3.11 ..."""


def fingerprint() -> str:
    """Return a hash of all that decides what belongs in the environment: its place, Python, project file and locks."""
    digest = hashlib.sha256(f"{VENV} {sys.version_info[:2]}".encode())
    for path in [ROOT / "pyproject.toml", *LOCKS.values()]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(kind: str) -> Path:
    """Return the file that holds the fingerprint of the last complete installation of `kind`."""
    return VENV / f".installed-{kind}"


def is_current(kind: str, wanted: str) -> bool:
    """Tell whether `kind` was installed completely, here, from the present locks."""
    return VENV_PYTHON.exists() and stamp(kind).exists() and stamp(kind).read_text() == wanted


def usable_environment() -> bool:
    """Tell whether `.venv` can be built upon: its Python starts, is new enough, and it was made in this folder."""
    activate = VENV / "bin" / "activate"
    if not VENV_PYTHON.exists() or not activate.exists() or str(VENV) not in activate.read_text():
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([VENV_PYTHON, "-c", check], check=False).returncode == 0


def create() -> list[str]:
    """Make sure that `.venv` exists and return the command that runs a pip installing into it.

    A Python without ensurepip (Debian without python3-venv) lends its own pip to the environment.
    """
    has_ensurepip = find_spec("ensurepip") is not None
    if not has_ensurepip and find_spec("pip") is None:
        sys.exit(NO_PIP)
    if not usable_environment():
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", *([] if has_ensurepip else ["--without-pip"]), VENV], check=True)
    if (VENV / "bin" / "pip").exists():
        return [str(VENV_PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]


def install(kind: str) -> None:
    """Install the lock of `kind`, every file checked against its hash, then idp itself as an editable package."""
    command = [*create(), "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "-r", LOCKS[kind]], check=True, cwd=ROOT)
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore:Editable installation"}
    subprocess.run([*command, "--no-deps", "--no-build-isolation", "-e", "."], check=True, cwd=ROOT, env=quiet)


def main(kind: str) -> None:
    """Bring `.venv` up to date for `kind`, one process at a time."""
    wanted = fingerprint()
    if is_current(kind, wanted):
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(kind, wanted):
            return
        print(f"Setting up .venv from {LOCKS[kind].name} (once; takes a minute or two) ...", flush=True)
        try:
            install(kind)
        except subprocess.CalledProcessError as failure:
            sys.exit(f"Setting up .venv failed (status {failure.returncode}); the reason is above.")
        for satisfied in SATISFIES[kind]:
            stamp(satisfied).write_text(wanted)


if __name__ == "__main__":
    main(sys.argv[1])
