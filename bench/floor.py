"""What the machine cannot do for less: CPU milliseconds of the arithmetic behind a sign-in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import gmpy2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from idp.bootstrap import hasher
from idp.domain import srp
from idp.outbound.keyring import generate_key
from idp.settings import Settings

Work = Callable[[], object]


def cpu_ms(work: Work, seconds: float) -> float:
    """Return the CPU milliseconds of one run of `work`, over about that many seconds of CPU."""
    work()
    count, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        work()
        count += 1
    return (time.process_time() - began) * 1000 / count


def rsa_signature() -> Work:
    """Return one RSA-2048 signature (PKCS #1 v1.5, SHA-256)."""
    key = generate_key()
    return lambda: key.sign(b"claims", padding.PKCS1v15(), hashes.SHA256())


def argon2id() -> Work:
    """Return the verification of one password by the server's own parameters."""
    password_hasher = hasher(Settings())
    stored = password_hasher.hash("Correct-horse-7")
    return lambda: password_hasher.verify("Correct-horse-7", stored)


def srp_exponentiations() -> Work:
    """Return SRP's modular exponentiations of one sign-in: g^b and (A v^u)^b in constant time, v^u not."""
    exponent = 3**160 | 1 << 255
    base = int(gmpy2.powmod(5, 2**64 + 3, srp.N))

    def exponentiate() -> None:
        gmpy2.powmod_sec(srp.G, exponent, srp.N)
        gmpy2.powmod(base, exponent, srp.N)
        gmpy2.powmod_sec(base, exponent, srp.N)

    return exponentiate


FLOORS: Mapping[str, Callable[[], Work]] = {
    "RSA-2048 signature": rsa_signature,
    "argon2id": argon2id,
    "SRP exponentiations": srp_exponentiations,
}
