"""Derive Signature Version 4 signing keys, and keep them for the day they are good for."""

import hmac
from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from idp.authorizer.signature import Signature

_Scope = tuple[str, bytes, str, str, str]


def signing_key(secret_key: str, *, date: str, region: str, service: str) -> bytes:
    """Return the 32-byte key of one credential scope.

    Source: AWS IAM User Guide, "Create a signed AWS API request", step 4.
    """
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode("utf-8", "surrogatepass"), "sha256")
    return key


class SigningKeyCache:
    """Keep derived keys, the most recently used ones; safe to share between threads.

    An entry is bound to a digest of the secret, so a replaced secret never meets the key of its predecessor.
    """

    def __init__(self, *, max_entries: int = 4096) -> None:
        self._max_entries = max_entries
        self._keys: OrderedDict[_Scope, bytes] = OrderedDict()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"SigningKeyCache(entries={len(self._keys)})"

    def signing_key(self, secret_key: str, signature: Signature) -> bytes:
        """Return the key of a signature's scope, derived at its first use."""
        digest = sha256(secret_key.encode()).digest()
        scope = (signature.access_key_id, digest, signature.date, signature.region, signature.service)
        with self._lock:
            key = self._keys.get(scope)
            if key is not None:
                self._keys.move_to_end(scope)
                return key
        key = signing_key(secret_key, date=signature.date, region=signature.region, service=signature.service)
        with self._lock:
            self._keys[scope] = key
            while len(self._keys) > self._max_entries:
                self._keys.popitem(last=False)
        return key
