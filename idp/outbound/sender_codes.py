"""Codes on their way to a pool's custom sender: encrypted in the format of the AWS Encryption SDK, as Cognito's are.

AWS wraps the data key by KMS; here a raw AES key stands for each KMSKeyID, derived from the master key. A sender's function
opens a code with `RawMasterKey` (or a raw AES keyring) of provider `idp`, key name the KMSKeyID, and that key.

Source: AWS "Custom sender Lambda triggers"; AWS Encryption SDK message format version 2.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.outbound.sealer import Sealer

PROVIDER = "idp"


def sender_key(sealer: Sealer, kms_key: str) -> bytes:
    """Return the 32 bytes of the AES key that stands for a KMS key."""
    return sealer.mac("custom-sender", kms_key.encode())


class SenderCodes:
    """Encrypts codes; the library is loaded with the first one."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encrypt(self, code: str, *, kms_key: str, pool_id: str) -> str:
        """Return a code as the event of a custom sender holds it: Base64 of an encrypted message.

        Args:
            kms_key: the pool's KMSKeyID.
            pool_id: bound in as the encryption context `userpool-id`.
        """
        from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient  # noqa: PLC0415 - 0.2 s that most never need
        from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm  # noqa: PLC0415
        from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey  # noqa: PLC0415
        from aws_encryption_sdk.key_providers.raw import RawMasterKey  # noqa: PLC0415

        client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
        wrapping_key = WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=sender_key(self._sealer, kms_key),
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )
        master_key = RawMasterKey(key_id=kms_key, provider_id=PROVIDER, wrapping_key=wrapping_key)
        message, _ = client.encrypt(
            source=code.encode(), key_provider=master_key, encryption_context={"userpool-id": pool_id}
        )
        return base64.b64encode(message).decode()
