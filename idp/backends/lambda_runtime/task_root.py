"""Deployment packages on disk: each revision of a function is unpacked once, whole or not at all."""

import os
import shutil
import stat
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from zipfile import BadZipFile, ZipFile, ZipInfo

from idp.backends.lambda_runtime.function import FunctionCode, InvalidCode

MAX_UNPACKED_BYTES = 250 * 1024 * 1024
_UNUSED_S = 2 * 60 * 60
"""A process lives for an hour at most (see `pool`), so older code serves nobody."""

_BROKEN = "Could not unzip uploaded file. Please check your file, then try to upload again."
_BROKEN_PACKAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_TOO_LARGE = f"Unzipped size must be smaller than {MAX_UNPACKED_BYTES} bytes"


def verify_code(zip_bytes: bytes) -> None:
    """Refuse a deployment package that could not be unpacked.

    Raises:
        InvalidCode: it is no zip file, unpacks to more than 250 MB, or leads out of its own directory.
    """
    with _opened(zip_bytes):
        pass


def unpacked(directory: Path, function: FunctionCode) -> Path:
    """Return the directory that holds the function's code, unpacked now unless some process did so before.

    Several servers may share `directory`: a package is unpacked aside and renamed, and the first one wins. Code that no
    process was started from for two hours is swept away.

    Raises:
        InvalidCode: the deployment package cannot be unpacked.
    """
    identity = "\n".join((function.arn, function.version, function.revision))
    task_root = directory / sha256(identity.encode()).hexdigest()[:32]
    try:
        os.utime(task_root)
    except FileNotFoundError:
        directory.mkdir(parents=True, exist_ok=True)
        _sweep(directory)
        _unpack(function.zip_bytes(), task_root)
    return task_root


def _unpack(zip_bytes: bytes, task_root: Path) -> None:
    aside = Path(mkdtemp(prefix="new-", dir=task_root.parent))
    try:
        _extract_all(zip_bytes, aside)
        _publish(aside, task_root)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _publish(aside: Path, task_root: Path) -> None:
    try:
        aside.rename(task_root)
    except OSError:
        if not task_root.is_dir():
            raise


def _extract_all(zip_bytes: bytes, directory: Path) -> None:
    try:
        with _opened(zip_bytes) as package:
            for entry in package.infolist():
                _extract(package, entry, directory)
    except (*_BROKEN_PACKAGE, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise InvalidCode(_BROKEN) from error


def _extract(package: ZipFile, entry: ZipInfo, task_root: Path) -> None:
    path = Path(package.extract(entry, task_root))
    if not entry.is_dir():
        path.chmod(0o755 if entry.external_attr >> 16 & 0o111 else 0o644)


def _sweep(directory: Path) -> None:
    oldest = time.time() - _UNUSED_S
    for entry in os.scandir(directory):
        if entry.stat(follow_symlinks=False).st_mtime < oldest:
            shutil.rmtree(entry.path, ignore_errors=True)


@contextmanager
def _opened(zip_bytes: bytes) -> Iterator[ZipFile]:
    try:
        package = ZipFile(BytesIO(zip_bytes))
    except _BROKEN_PACKAGE as error:
        raise InvalidCode(_BROKEN) from error
    with package:
        entries = package.infolist()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise InvalidCode(_TOO_LARGE)
        if not all(_stays_inside(entry) for entry in entries):
            raise InvalidCode(_BROKEN)
        yield package


def _stays_inside(entry: ZipInfo) -> bool:
    """Say whether an entry is a plain file or directory below the task root."""
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return not path.is_absolute() and ".." not in path.parts and kind in (0, stat.S_IFREG, stat.S_IFDIR)
