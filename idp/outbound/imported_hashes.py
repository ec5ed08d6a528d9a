"""Password hashes that other systems made: which forms are taken, and how much they may cost to verify.

Whoever imports users chooses the parameters, and every sign-in pays for them until the password is hashed anew: a hash
that would take the machine is refused.  Source: AWS API_CreateUserImportJob, PasswordHashingAlgorithm.

Unknown: the forms AWS takes; ours are the modular-crypt texts that libraries write (`$2b$`, `$scrypt$`, `$argon2id$`,
`$pbkdf2-sha256$`), and the bounds are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from passlib.hash import argon2, bcrypt, pbkdf2_sha256, scrypt

MAX_HASH_LENGTH = 512

MAX_BCRYPT_ROUNDS = 14  # 2^14 blocks: about a second
MAX_SCRYPT_BYTES = 128 * 1024 * 1024  # of memory, over all lanes
MAX_ARGON2_KIB = 256 * 1024
MAX_ARGON2_WORK_KIB = 1024 * 1024  # memory times passes
MAX_PBKDF2_ROUNDS = 2_000_000


def is_importable(algorithm: str, password_hash: str) -> bool:
    """Say whether a text is a hash of that algorithm (PasswordHashingAlgorithm) that can be afforded."""
    handler, is_affordable = _ALGORITHMS[algorithm]
    if len(password_hash) > MAX_HASH_LENGTH or not password_hash.isascii() or not handler.identify(password_hash):
        return False
    try:
        parsed = handler.from_string(password_hash)
    except (ValueError, TypeError):  # passlib's words for a malformed text
        return False
    return parsed.checksum is not None and is_affordable(parsed)


def _is_affordable_scrypt(parsed: Any) -> bool:
    return bool(128 * parsed.block_size * parsed.parallelism << parsed.rounds <= MAX_SCRYPT_BYTES)


def _is_affordable_argon2(parsed: Any) -> bool:
    is_small = parsed.memory_cost <= MAX_ARGON2_KIB and parsed.memory_cost * parsed.rounds <= MAX_ARGON2_WORK_KIB
    return bool(str(parsed.type).lower() == "id" and is_small)


_ALGORITHMS: Mapping[str, tuple[Any, Callable[[Any], bool]]] = {
    "BCRYPT": (bcrypt, lambda parsed: parsed.rounds <= MAX_BCRYPT_ROUNDS),
    "SCRYPT": (scrypt, _is_affordable_scrypt),
    "ARGON2ID": (argon2, _is_affordable_argon2),
    "PBKDF2_SHA256": (pbkdf2_sha256, lambda parsed: parsed.rounds <= MAX_PBKDF2_ROUNDS),
}
