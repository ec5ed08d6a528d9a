"""A passkey: the public key by which a user's authenticator proves that it is theirs.

Source: AWS API_WebAuthnCredentialDescription; spec USER_POOLS section 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MAX_PER_USER = 20


@dataclass(frozen=True, slots=True)
class Passkey:
    """A stored passkey.

    Attributes:
        id: the authenticator's own, base64url; one user's in a pool.
        relying_party_id: the domain it was made for, the only one it signs for.
        public_key: COSE_Key, base64url.
        sign_count: what the authenticator said last; 0 for one that does not count.
        name: for people.
        attachment: `platform`, `cross-platform`, or None when the browser did not say.
        transports: how browsers reach the authenticator (`internal`, `usb` ...).
    """

    pool_id: str
    user_id: int
    id: str
    relying_party_id: str
    public_key: str = field(repr=False)
    sign_count: int
    name: str
    attachment: str | None
    transports: tuple[str, ...]
    created_at: datetime


def friendly_name(aaguid: str, attachment: str | None) -> str:
    """Return what people call a passkey of a make of authenticator.

    Args:
        aaguid: the make, a UUID in lower case; all zeros when the authenticator does not tell.

    Unknown: AWS's whole list; "Roaming passkey" and "iCloud Keychain" are in its samples.
    """
    generic = "Device passkey" if attachment == "platform" else "Roaming passkey"
    return NAMES.get(aaguid, generic)


NAMES: Mapping[str, str] = {
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain (Managed)",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "fdb141b2-5d84-443e-8a35-4698c205a502": "KeePassXC",
}
"""Source: the AAGUIDs that passkey providers publish (github.com/passkeydeveloper/passkey-authenticator-aaguids)."""
