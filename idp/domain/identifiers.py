"""Ids in the forms Cognito gives them.  Source: spec USER_POOLS section 0.5."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.services import Random

_LETTERS_AND_DIGITS = string.digits + string.ascii_letters
_BASE_32 = string.digits + string.ascii_lowercase[:22]
_SUFFIX_LENGTH = 9
_BITS_OF_A_DIGIT = 5


def new_user_pool_id(region: str, random: Random) -> str:
    """Return `<region>_` and nine letters or digits."""
    suffix = "".join(_LETTERS_AND_DIGITS[random.below(len(_LETTERS_AND_DIGITS))] for _ in range(_SUFFIX_LENGTH))
    return f"{region}_{suffix}"


def new_import_job_id(random: Random) -> str:
    """Return `import-` and ten letters or digits."""
    return "import-" + "".join(_LETTERS_AND_DIGITS[random.below(len(_LETTERS_AND_DIGITS))] for _ in range(10))


def new_client_id(random: Random) -> str:
    """Return 128 random bits in base 32, most significant digit first: 26 characters, the first of them 0 to 7."""
    return _base_32(random.bytes(16))


def new_client_secret(random: Random) -> str:
    """Return 256 random bits in base 32: 52 characters, the first of them 0 or 1."""
    return _base_32(random.bytes(32))


def _base_32(number: bytes) -> str:
    value = int.from_bytes(number)
    digits = -(-len(number) * 8 // _BITS_OF_A_DIGIT)
    shifts = range((digits - 1) * _BITS_OF_A_DIGIT, -1, -_BITS_OF_A_DIGIT)
    return "".join(_BASE_32[value >> shift & 31] for shift in shifts)
