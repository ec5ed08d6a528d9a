"""Passkeys: registered, listed, deleted, and nobody's but their owner's."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.authenticator import Authenticator, decode, encode
from tests.aws.cognito_idp.passkeys import ORIGIN, RELYING_PARTY, a_choice_pool, policies, register
from tests.aws.cognito_idp.people import Pool, a_client_of, a_pool, claims_of, with_ann
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.fakes import FakeClock

MALFORMED = "The credential is malformed, or does not answer the challenge."


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that lets users sign in with passkeys, and Ann."""
    return a_choice_pool(idp)


@pytest.fixture
def token(pool: Pool) -> str:
    """Ann's access token."""
    return str(pool.tokens()["AccessToken"])


@pytest.fixture
def authenticator() -> Authenticator:
    """An authenticator that a page of the pool's own domain calls."""
    return Authenticator(ORIGIN)


def options(pool: Pool, token: str) -> dict[str, Any]:
    started: dict[str, Any] = pool.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    return started


def complete(pool: Pool, token: str, credential: Any) -> None:
    pool.idp.complete_web_authn_registration(AccessToken=token, Credential=credential)


def listed(pool: Pool, token: str, **page: Any) -> Any:
    return pool.idp.list_web_authn_credentials(AccessToken=token, **page)


def test_the_options_have_the_members_and_values_of_cognitos(pool: Pool, token: str) -> None:
    asked = options(pool, token)
    challenge = asked.pop("challenge")

    assert len(urlsafe_b64decode(challenge + "==")) >= 16
    assert asked == {
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "preferred",
        },
        "excludeCredentials": [],
        "pubKeyCredParams": [{"alg": -7, "type": "public-key"}, {"alg": -257, "type": "public-key"}],
        "rp": {"id": RELYING_PARTY, "name": RELYING_PARTY},
        "timeout": 60000,
        "user": {"displayName": "ann", "id": encode(claims_of(token)["sub"].encode()), "name": "ann"},
    }


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_registered_passkey_is_listed(pool: Pool, token: str, authenticator: Authenticator, algorithm: Any) -> None:
    authenticator.algorithm = algorithm
    register(pool, authenticator, token)

    (passkey,) = listed(pool, token)["Credentials"]
    assert passkey.pop("CreatedAt").isoformat().startswith("2026-03-02T12:00:00")
    assert passkey == {
        "CredentialId": encode(authenticator.credential_id),
        "FriendlyCredentialName": "Device passkey",
        "RelyingPartyId": RELYING_PARTY,
        "AuthenticatorAttachment": "platform",
        "AuthenticatorTransports": ["internal", "hybrid"],
    }


def test_a_passkey_is_called_by_the_make_of_its_authenticator(
    pool: Pool, token: str, authenticator: Authenticator
) -> None:
    authenticator.aaguid = bytes.fromhex("fbfc3007154e4ecc8c0b6e020557d7bd")
    register(pool, authenticator, token)

    assert listed(pool, token)["Credentials"][0]["FriendlyCredentialName"] == "iCloud Keychain"


def test_passkeys_that_there_are_are_excluded_from_the_next(
    pool: Pool, token: str, authenticator: Authenticator
) -> None:
    register(pool, authenticator, token)

    assert options(pool, token)["excludeCredentials"] == [
        {"id": encode(authenticator.credential_id), "type": "public-key"}
    ]


def test_the_list_comes_in_pages_oldest_first(
    pool: Pool, token: str, authenticator: Authenticator, clock: FakeClock
) -> None:
    for number in b"zyx":
        authenticator.credential_id = bytes([number]) * 16
        register(pool, authenticator, token)
        clock.advance(1)

    first = listed(pool, token, MaxResults=2)
    second = listed(pool, token, MaxResults=2, NextToken=first["NextToken"])

    told = [decode(each["CredentialId"])[:1] for each in first["Credentials"] + second["Credentials"]]
    assert told == [b"z", b"y", b"x"]
    assert "NextToken" not in second


def test_a_deleted_passkey_is_gone(pool: Pool, token: str, authenticator: Authenticator) -> None:
    register(pool, authenticator, token)
    pool.idp.delete_web_authn_credential(AccessToken=token, CredentialId=encode(authenticator.credential_id))

    assert listed(pool, token)["Credentials"] == []


def test_nobody_deletes_what_is_somebody_elses(pool: Pool, token: str, authenticator: Authenticator) -> None:
    pool.sign_up("bob")
    register(pool, authenticator, token)

    with refused("ResourceNotFoundException", "The passkey does not exist."):
        pool.idp.delete_web_authn_credential(
            AccessToken=pool.tokens("bob")["AccessToken"], CredentialId=encode(authenticator.credential_id)
        )


def test_passkeys_go_with_their_user(pool: Pool, token: str, authenticator: Authenticator) -> None:
    register(pool, authenticator, token)
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")
    pool.sign_up("bob")

    register(pool, authenticator, pool.tokens("bob")["AccessToken"])


def test_a_user_has_twenty_passkeys_at_most(pool: Pool, token: str, authenticator: Authenticator) -> None:
    for number in range(20):
        authenticator.credential_id = bytes([number]) * 16
        late = options(pool, token)
        complete(pool, token, authenticator.create(options(pool, token)))
    authenticator.credential_id = b"one too many"

    with refused("LimitExceededException", "A user can have 20 passkeys at most."):
        complete(pool, token, authenticator.create(late))
    with refused("LimitExceededException", "A user can have 20 passkeys at most."):
        options(pool, token)


def test_a_passkey_has_one_owner_in_a_pool(pool: Pool, token: str, authenticator: Authenticator) -> None:
    pool.sign_up("bob")
    register(pool, authenticator, token)

    with refused("InvalidParameterException", "The passkey is registered already."):
        register(pool, authenticator, pool.tokens("bob")["AccessToken"])


def test_a_registration_is_complete_once(pool: Pool, token: str, authenticator: Authenticator) -> None:
    credential = authenticator.create(options(pool, token))
    complete(pool, token, credential)
    pool.idp.delete_web_authn_credential(AccessToken=token, CredentialId=encode(authenticator.credential_id))

    with refused("WebAuthnChallengeNotFoundException"):
        complete(pool, token, credential)


def test_a_registration_ends_after_five_minutes(
    pool: Pool, token: str, authenticator: Authenticator, clock: FakeClock
) -> None:
    credential = authenticator.create(options(pool, token))
    clock.advance(timedelta(minutes=5))

    with refused("WebAuthnChallengeNotFoundException"):
        complete(pool, token, credential)


def test_a_challenge_of_ones_own_is_none(pool: Pool, token: str, authenticator: Authenticator) -> None:
    asked = options(pool, token) | {"challenge": encode(b"a challenge that the server never made")}

    with refused("WebAuthnChallengeNotFoundException", "The challenge of this registration was not found."):
        complete(pool, token, authenticator.create(asked))


def test_a_registration_that_somebody_else_started_is_none(
    pool: Pool, token: str, authenticator: Authenticator
) -> None:
    pool.sign_up("bob")
    asked = options(pool, token)

    with refused("WebAuthnChallengeNotFoundException"):
        complete(pool, pool.tokens("bob")["AccessToken"], authenticator.create(asked))


def test_a_registration_stays_at_its_client(pool: Pool, token: str, authenticator: Authenticator) -> None:
    other = a_client_of(pool.idp, pool.pool_id)
    asked = options(pool, token)

    with refused("WebAuthnClientMismatchException", "The registration was started at another client."):
        complete(pool, other.tokens()["AccessToken"], authenticator.create(asked))


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.com",
        "http://acme.auth.localhost.example.com",
        f"https://{RELYING_PARTY}.evil.com",
        f"https://not-{RELYING_PARTY}",
        f"https://user@{RELYING_PARTY}",
        f"https://{RELYING_PARTY}/",
        f"https://{RELYING_PARTY}:port",
        f"ftp://{RELYING_PARTY}",
        "https://localhost",
        "android:apk-key-hash:abc",
        "null",
        "",
    ],
)
def test_a_page_of_another_origin_cannot_register(
    pool: Pool, token: str, authenticator: Authenticator, origin: str
) -> None:
    authenticator.origin = origin
    with refused("WebAuthnOriginNotAllowedException", "The origin is not allowed for the relying party."):
        register(pool, authenticator, token)


@pytest.mark.parametrize(
    "origin", [f"http://{RELYING_PARTY}", f"https://{RELYING_PARTY}", f"https://www.{RELYING_PARTY}:8443"]
)
def test_a_page_of_the_domain_registers(pool: Pool, token: str, authenticator: Authenticator, origin: str) -> None:
    authenticator.origin = origin
    register(pool, authenticator, token)

    assert len(listed(pool, token)["Credentials"]) == 1


def test_a_frame_in_another_page_cannot_register(pool: Pool, token: str, authenticator: Authenticator) -> None:
    authenticator.is_framed = True
    with refused("WebAuthnOriginNotAllowedException"):
        register(pool, authenticator, token)


def test_a_passkey_of_another_relying_party_is_refused(pool: Pool, token: str, authenticator: Authenticator) -> None:
    authenticator.relying_party_id = "evil.example.com"
    with refused("WebAuthnRelyingPartyMismatchException"):
        register(pool, authenticator, token)


def test_an_algorithm_that_nobody_asked_for_is_refused(pool: Pool, token: str, authenticator: Authenticator) -> None:
    authenticator.algorithm = "ES384"
    with refused("WebAuthnCredentialNotSupportedException", "The algorithm of the passkey is not supported."):
        register(pool, authenticator, token)


def test_a_signature_for_signing_in_registers_nothing(pool: Pool, token: str, authenticator: Authenticator) -> None:
    asked = options(pool, token)
    assertion = authenticator.sign(json.dumps({"rpId": RELYING_PARTY, "challenge": asked["challenge"]}))

    with refused("InvalidParameterException", MALFORMED):
        complete(pool, token, json.loads(assertion))


@pytest.mark.parametrize(
    "damage",
    [
        {"id": "AAAA"},
        {"rawId": 5},
        {"type": "password"},
        {"response": None},
        {"response": {"clientDataJSON": "e30", "attestationObject": ""}},
        {"response": {"clientDataJSON": encode(b"[" * 5000), "attestationObject": ""}},
        {"response": {"clientDataJSON": "\u00e9", "attestationObject": "\u00e9"}},
        {"authenticatorAttachment": "glued"},
    ],
)
def test_a_malformed_credential_is_refused(
    pool: Pool, token: str, authenticator: Authenticator, damage: dict[str, Any]
) -> None:
    credential = authenticator.create(options(pool, token)) | damage
    with refused("InvalidParameterException", MALFORMED):
        complete(pool, token, credential)


@pytest.mark.parametrize("cut", [0, 1, 30, 60, 100, 150])
def test_a_cut_attestation_is_refused(pool: Pool, token: str, authenticator: Authenticator, cut: int) -> None:
    credential = authenticator.create(options(pool, token))
    credential["response"]["attestationObject"] = encode(decode(credential["response"]["attestationObject"])[:cut])
    with refused("InvalidParameterException", MALFORMED):
        complete(pool, token, credential)


@pytest.mark.parametrize("document", [[], "text", 5, {}])
def test_what_is_no_credential_is_refused(pool: Pool, token: str, document: Any) -> None:
    with refused("InvalidParameterException", MALFORMED):
        complete(pool, token, document)


def test_a_pool_without_passkeys_has_none_registered(idp: Any) -> None:
    pool = a_choice_pool(idp, "PASSWORD", "EMAIL_OTP")
    with refused("WebAuthnNotEnabledException", "WebAuthn is not enabled for this user pool."):
        options(pool, pool.tokens()["AccessToken"])


def test_a_pool_without_a_domain_has_no_relying_party(idp: Any) -> None:
    pool = with_ann(a_pool(idp, settings=policies("PASSWORD", "WEB_AUTHN")))
    with refused("WebAuthnConfigurationMissingException"):
        options(pool, pool.tokens()["AccessToken"])


def test_a_domain_of_ones_own_comes_before_a_prefix(pool: Pool, token: str) -> None:
    pool.idp.create_user_pool_domain(
        Domain="login.example.com",
        UserPoolId=pool.pool_id,
        CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/one"},
    )

    assert options(pool, token)["rp"]["id"] == "login.example.com"


def test_the_configured_relying_party_comes_before_every_domain(pool: Pool, token: str) -> None:
    pool.idp.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id,
        WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "required"},
    )

    asked = options(pool, token)
    assert (asked["rp"]["id"], asked["authenticatorSelection"]["userVerification"]) == ("localhost", "required")


def test_a_pool_that_requires_user_verification_takes_no_passkey_without(
    pool: Pool, token: str, authenticator: Authenticator
) -> None:
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.pool_id, WebAuthnConfiguration={"UserVerification": "required"})
    authenticator.verifies_user = False
    with refused("WebAuthnCredentialNotSupportedException", "The authenticator did not verify the user."):
        register(pool, authenticator, token)


def test_passkeys_cannot_be_the_only_first_factor(idp: Any) -> None:
    with refused("InvalidParameterException", "WEB_AUTHN cannot be the only allowed first auth factor."):
        a_pool(idp, settings=policies("WEB_AUTHN"))


@pytest.mark.parametrize(
    "call",
    [
        lambda idp, token: idp.start_web_authn_registration(AccessToken=token),
        lambda idp, token: idp.complete_web_authn_registration(AccessToken=token, Credential={}),
        lambda idp, token: idp.list_web_authn_credentials(AccessToken=token),
        lambda idp, token: idp.delete_web_authn_credential(AccessToken=token, CredentialId="AAAA"),
    ],
)
def test_a_user_who_signed_out_everywhere_is_refused(pool: Pool, token: str, call: Any) -> None:
    pool.idp.global_sign_out(AccessToken=token)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        call(pool.idp, token)
