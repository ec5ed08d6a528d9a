"""SRP-6a as Cognito speaks it: the server's side of USER_SRP_AUTH, and of devices with other names put in.

Integers are hashed as minimal two's-complement big-endian bytes, not padded to the length of N. Exponents that are
secret go through a constant-time power where gmpy2 is installed; Python's own `pow` is the fallback, 10 times slower.

Source: RFC 5054 (group and SRP-6a); spec USER_POOLS section 1.4 and SRP_VECTORS.json (hashes and key derivation).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

try:
    import gmpy2
except ImportError:  # pragma: no cover - gmpy2 is a dependency; a platform without a wheel still works
    gmpy2 = None

N = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f"
    "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510"
    "15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7"
    "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c"
    "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
    16,
)
"""The 3072-bit group.  Source: RFC 5054 appendix A; RFC 3526 section 5."""

G = 2
SALT_BYTES = 16
SECRET_EXPONENT_BYTES = 32
DIGITS = 2 * SECRET_EXPONENT_BYTES
MAX_SHARE_CHARACTERS = 1024  # of hexadecimal digits; N has 768

_KEY_BYTES = 16
_KEY_INFO = b"Caldera Derived Key\x01"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TIMESTAMP = re.compile(r"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) ([1-9]\d?) (\d\d):(\d\d):(\d\d) UTC (\d{4})", re.ASCII)


class SrpRefused(Exception):
    """The client's share or the scrambler is one that would give the key away."""


@dataclass(frozen=True, slots=True)
class ServerShare:
    """The server's half of one exchange.

    Attributes:
        secret: b.
        public: B, sent as SRP_B.
    """

    secret: int = field(repr=False)
    public: int


def minimal_bytes(number: int) -> bytes:
    """Return a non-negative integer as minimal two's-complement big-endian bytes: PAD of the specification."""
    return number.to_bytes(number.bit_length() // 8 + 1) if number else b"\x00"


def is_usable_salt(salt: bytes) -> bool:
    """Say whether the first byte is not zero: JavaScript clients drop leading zeros and would hash another salt."""
    return len(salt) == SALT_BYTES and salt[0] != 0


def make_verifier(group_name: str, identity: str, password: str, *, salt_hex: str) -> int:
    """Return g^x mod N, all that the server keeps of a password beside the salt.

    Args:
        group_name: the pool's name (what follows the underscore of its id), or a device group key.
        identity: the real username, or a device key.
    """
    inner = hashlib.sha256(f"{group_name}{identity}:{password}".encode()).digest()
    x = _hash_integer(minimal_bytes(int(salt_hex, 16)), inner)
    return _secret_power(G, x)


def parse_share(text: str) -> int:
    """Read the client's SRP_A.

    Args:
        text: hexadecimal, either case, with or without leading zeros.

    Raises:
        SrpRefused: it is not a number, or N divides it (the key would be known without the password).
    """
    if len(text) > MAX_SHARE_CHARACTERS or not re.fullmatch(r"[0-9A-Fa-f]+", text):
        raise SrpRefused
    share = int(text, 16)
    if share % N == 0:
        raise SrpRefused
    return share


def make_server_share(verifier: int, secret: int) -> ServerShare:
    """Return b and B = (k*v + g^b) mod N.

    Args:
        secret: b, at least 256 random bits.
    """
    return ServerShare(secret, (MULTIPLIER * verifier + _power_of_generator(secret)) % N)


def make_scrambler(client_share: int, server_public: int) -> int:
    """Return u, which binds the key to both shares.

    Raises:
        SrpRefused: u is 0, and the key would not depend on the password.
    """
    scrambler = _hash_integer(minimal_bytes(client_share), minimal_bytes(server_public))
    if scrambler == 0:
        raise SrpRefused
    return scrambler


def derive_key(verifier: int, *, client_share: int, scrambler: int, secret: int) -> bytes:
    """Return the 16 bytes that both sides know when the client knew the password.

    Args:
        secret: b, of the share that the client was sent.

    Raises:
        SrpRefused: N divides A.
    """
    if client_share % N == 0:
        raise SrpRefused
    shared = _secret_power(client_share * _power(verifier, scrambler) % N, secret)
    pseudo_random_key = hmac.digest(minimal_bytes(scrambler), minimal_bytes(shared), hashlib.sha256)
    return hmac.digest(pseudo_random_key, _KEY_INFO, hashlib.sha256)[:_KEY_BYTES]


def claim_signature(key: bytes, group_name: str, identity: str, *, secret_block: bytes, timestamp: str) -> bytes:
    """Return what PASSWORD_CLAIM_SIGNATURE must be, before Base64.

    Args:
        secret_block: SECRET_BLOCK after Base64 decoding.
        timestamp: the very text the client sent.
    """
    message = group_name.encode() + identity.encode() + secret_block + timestamp.encode()
    return hmac.digest(key, message, hashlib.sha256)


def is_signature(expected: bytes, claimed: str) -> bool:
    """Say whether a PASSWORD_CLAIM_SIGNATURE (Base64) is the expected one, in constant time."""
    try:
        given = base64.b64decode(claimed.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    return hmac.compare_digest(expected, given)


def parse_timestamp(text: str) -> datetime | None:
    """Read a TIMESTAMP such as `Wed Mar 5 09:08:07 UTC 2025`; None for any other form."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None or match[1] not in _DAYS or match[2] not in _MONTHS:
        return None
    day, hour, minute, second, year = map(int, match.group(3, 4, 5, 6, 7))
    try:
        return datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _hash_integer(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest())


def _power(base: int, exponent: int) -> int:
    """Return base^exponent mod N for an exponent that anybody may know."""
    if gmpy2 is None:
        return pow(base, exponent, N)
    _release_gil()
    return int(gmpy2.powmod(base, exponent, N))


def _secret_power(base: int, exponent: int) -> int:
    """Return base^exponent mod N in a time that does not depend on the exponent's bits (with gmpy2)."""
    if gmpy2 is None:
        return pow(base, exponent, N)
    _release_gil()
    return int(gmpy2.powmod_sec(base, exponent, N))


def _power_of_generator(exponent: int) -> int:
    """Return g^exponent mod N, for secrets of our length at a quarter of the price.

    One product for each hexadecimal digit, whatever the digit is: no entry of the table is 1, so no product is cheaper.
    """
    if exponent.bit_length() > 8 * SECRET_EXPONENT_BYTES:
        return _secret_power(G, exponent)
    powers, offset = _generator_powers()
    product = powers[0][0]
    for column, digit in zip(powers, f"{exponent:0{DIGITS}x}"[::-1], strict=True):
        product = product * column[int(digit, 16)] % N
    return int(product * offset % N)


@cache
def _generator_powers() -> tuple[list[list[int]], int]:
    """Return g^((digit + 1) * 16^place) by place and digit, and what takes away all the ones that this adds."""
    base = G if gmpy2 is None else gmpy2.mpz(G)
    powers, surplus = [], base
    for _ in range(DIGITS):
        column = [base]
        for _ in range(15):
            column.append(column[-1] * base % N)
        powers.append(column)
        surplus = surplus * base % N
        base = column[-1]
    return powers, pow(surplus, -1, N)


def _release_gil() -> None:
    """Let other threads run meanwhile; gmpy2 keeps the flag for each thread."""
    gmpy2.get_context().allow_release_gil = True


MULTIPLIER = _hash_integer(minimal_bytes(N), minimal_bytes(G))
"""k of SRP-6a."""
