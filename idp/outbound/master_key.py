"""The master key: from the environment, or a file made on first start (mode 0600)."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from idp.outbound.sealer import KEY_BYTES

if TYPE_CHECKING:
    from idp.settings import Mode

FILE_NAME = "master.key"
_HEADER = "idp-master-key-1"


class MasterKeyRefused(Exception):
    """The key is malformed, readable by others, or made for development; the message is one clear sentence."""


def from_text(text: str) -> bytes:
    """Read IDP_MASTER_KEY: base64 of 32 bytes."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MasterKeyRefused("IDP_MASTER_KEY is malformed: base64 of 32 bytes is expected.") from error
    if len(key) != KEY_BYTES:
        raise MasterKeyRefused(f"IDP_MASTER_KEY holds {len(key)} bytes; 32 are expected.")
    return key


def load_or_create(directory: Path, mode: Mode) -> bytes:
    """Read the key file, or make it when there is none (two processes may start at once: one makes it).

    Raises:
        MasterKeyRefused: malformed, readable by others, or made by `idp dev` and now asked for by `idp serve`.
    """
    path = directory / FILE_NAME
    if not path.exists():
        _create(path, mode)
    made_for, key = _read(path)
    if mode == "serve" and made_for == "dev":
        raise MasterKeyRefused(
            f"{path} was made by idp dev; idp serve refuses development secrets. Name another folder by IDP_KEYS."
        )
    return key


def _create(path: Path, mode: Mode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"{_HEADER} {mode} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"
    draft = path.with_name(f".{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first; its key stands
    finally:
        draft.unlink()


def _read(path: Path) -> tuple[str, bytes]:
    if path.stat().st_mode & 0o077:
        raise MasterKeyRefused(f"{path} can be read by others; run: chmod 600 {path}")
    words = path.read_text().split()
    if len(words) != 3 or words[0] != _HEADER:
        raise MasterKeyRefused(f"{path} is not a master key of idp.")
    try:
        key = base64.b64decode(words[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise MasterKeyRefused(f"{path} is damaged.") from error
    if len(key) != KEY_BYTES:
        raise MasterKeyRefused(f"{path} is damaged.")
    return words[1], key
