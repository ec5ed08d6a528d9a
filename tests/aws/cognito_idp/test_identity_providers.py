"""Upstream identity providers through the API."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from idp.app import mount_faces
from idp.outbound.http import HttpAnswer, HttpFailed
from idp.outbound.keyring import generate_key
from tests.aws.cognito_idp.pools import a_client, a_user_pool
from tests.aws.cognito_idp.providers import (
    APPLE,
    FACEBOOK,
    GOOGLE,
    OIDC,
    a_saml_provider,
    a_social_provider,
    an_oidc_provider,
    in_pem,
)
from tests.aws.cognito_idp.saml import LOGOUT, SIGN_ON, a_metadata_document
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from idp.services import Services
    from tests.fakes import FakeClock

NAME_ID = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
EXTERNAL = '<!DOCTYPE md:EntityDescriptor SYSTEM "https://evil.example/x.dtd">'
ENTITY = '<!DOCTYPE md:EntityDescriptor [<!ENTITY file SYSTEM "file:///etc/passwd">]>'


class Web:
    """Answers every request alike, in place of the world."""

    def __init__(self, body: bytes | None, status: int = 200) -> None:
        self.body = body
        self.status = status

    def request(self, *_: Any, **__: Any) -> HttpAnswer:
        if self.body is None:
            raise HttpFailed("no connection")
        return HttpAnswer(self.status, (), self.body)


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return a_user_pool(idp)


def test_a_provider_is_described_as_it_was_made(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    made = an_oidc_provider(idp, pool_id, IdpIdentifiers=["example.com"], AcrMapping={"Level1": "urn:low"})

    described = idp.describe_identity_provider(UserPoolId=pool_id, ProviderName="Corp")["IdentityProvider"]

    assert described == made
    assert described["ProviderDetails"] == {**OIDC, "attributes_url_add_attributes": "false"}
    assert described["AttributeMapping"] == {"username": "sub", "email": "email"}
    assert described["IdpIdentifiers"] == ["example.com"]
    assert described["CreationDate"] == described["LastModifiedDate"]


def test_a_described_provider_can_be_sent_back_as_it_is(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    made = a_social_provider(idp, pool_id, "Facebook", FACEBOOK)

    idp.update_identity_provider(UserPoolId=pool_id, ProviderName="Facebook", ProviderDetails=made["ProviderDetails"])

    described = idp.describe_identity_provider(UserPoolId=pool_id, ProviderName="Facebook")["IdentityProvider"]
    assert described["ProviderDetails"] == made["ProviderDetails"]
    assert described["ProviderDetails"]["token_url"] == "https://graph.facebook.com/v17.0/oauth/access_token"


def test_the_private_key_of_sign_in_with_apple_is_never_told(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    made = a_social_provider(idp, pool_id, "SignInWithApple", APPLE)

    assert "private_key" not in made["ProviderDetails"]
    assert made["ProviderDetails"]["oidc_issuer"] == "https://appleid.apple.com"


def test_the_private_key_of_sign_in_with_apple_may_come_without_its_frame(idp: Any, pool_id: str) -> None:
    body = "".join(APPLE["private_key"].splitlines()[1:-1])

    assert a_social_provider(idp, pool_id, "SignInWithApple", {**APPLE, "private_key": body})


@pytest.mark.parametrize(
    "key",
    ["1EXAMPLE", "AAAA", "ключ", in_pem(generate_key()), in_pem(ec.generate_private_key(ec.SECP384R1()))],
    ids=["no base64", "no key", "no ASCII", "RSA", "P-384"],
)
def test_the_private_key_of_sign_in_with_apple_must_be_one(idp: Any, pool_id: str, key: str) -> None:
    sentence = "The provider detail private_key must be a private key for ES256, as Apple gives it."

    with refused("InvalidParameterException", sentence):
        a_social_provider(idp, pool_id, "SignInWithApple", {**APPLE, "private_key": key})


def test_an_update_replaces_what_it_brings_and_leaves_the_rest(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    an_oidc_provider(idp, pool_id, IdpIdentifiers=["example.com"])

    idp.update_identity_provider(UserPoolId=pool_id, ProviderName="Corp", AttributeMapping={"name": "full_name"})

    described = idp.describe_identity_provider(UserPoolId=pool_id, ProviderName="Corp")["IdentityProvider"]
    assert described["AttributeMapping"] == {"username": "sub", "name": "full_name"}
    assert described["ProviderDetails"]["client_id"] == "ours"
    assert described["IdpIdentifiers"] == ["example.com"]


def test_a_provider_is_found_by_its_identifier(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id, IdpIdentifiers=["example.com", "corp"])

    found = idp.get_identity_provider_by_identifier(UserPoolId=pool_id, IdpIdentifier="corp")

    assert found["IdentityProvider"]["ProviderName"] == "Corp"


def test_an_identifier_is_one_providers(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id, IdpIdentifiers=["corp"])

    with refused("InvalidParameterException", "An IdpIdentifier is already in use by another provider."):
        an_oidc_provider(idp, pool_id, "Other", IdpIdentifiers=["corp"])

    assert [each["ProviderName"] for each in idp.list_identity_providers(UserPoolId=pool_id)["Providers"]] == ["Corp"]


def test_an_identifier_that_was_given_up_is_free(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id, IdpIdentifiers=["corp"])
    idp.update_identity_provider(UserPoolId=pool_id, ProviderName="Corp", IdpIdentifiers=[])

    an_oidc_provider(idp, pool_id, "Other", IdpIdentifiers=["corp"])

    found = idp.get_identity_provider_by_identifier(UserPoolId=pool_id, IdpIdentifier="corp")
    assert found["IdentityProvider"]["ProviderName"] == "Other"


def test_identifiers_of_one_provider_differ(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    with refused("InvalidParameterException", "The identifiers of a provider must differ."):
        an_oidc_provider(idp, pool_id, IdpIdentifiers=["corp", "corp"])


@pytest.mark.parametrize("name", ["Corp", "CORP"])
def test_a_name_is_taken_once_whatever_its_case(idp: CognitoIdentityProviderClient, pool_id: str, name: str) -> None:
    an_oidc_provider(idp, pool_id)

    with refused("DuplicateProviderException", "A provider with the name already exists"):
        an_oidc_provider(idp, pool_id, name)


@pytest.mark.parametrize("name", ["COGNITO", "Cognito", "Google", "google"])
def test_reserved_names_are_not_to_be_had(idp: CognitoIdentityProviderClient, pool_id: str, name: str) -> None:
    with refused("InvalidParameterException", f"The provider name {name} is reserved."):
        an_oidc_provider(idp, pool_id, name)


def test_a_social_provider_goes_by_its_own_name(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    with refused("InvalidParameterException", "A provider of type Google must be named Google."):
        idp.create_identity_provider(
            UserPoolId=pool_id, ProviderName="MyGoogle", ProviderType="Google", ProviderDetails=GOOGLE
        )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"client_id": ""}, "The provider detail client_id is required for OIDC providers."),
        ({"colour": "red"}, "The provider detail colour is not supported for OIDC providers."),
        (
            {"attributes_request_method": "PUT"},
            "The provider detail attributes_request_method must be one of GET, POST.",
        ),
        ({"oidc_issuer": "http://login.example.com"}, "The provider detail oidc_issuer must be an https URL."),
        ({"token_url": "javascript:alert(1)"}, "The provider detail token_url must be an https URL."),
        ({"jwks_uri": "file:///etc/passwd"}, "The provider detail jwks_uri must be an https URL."),
        ({"authorize_scopes": "openid\nHost: x"}, "The provider detail authorize_scopes is malformed."),
    ],
)
def test_details_must_make_sense(
    idp: CognitoIdentityProviderClient, pool_id: str, changed: dict[str, str], sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        an_oidc_provider(idp, pool_id, ProviderDetails={**OIDC, **changed})


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"username": "email"}, "The username of OIDC providers can only be mapped to sub."),
        ({"identities": "x"}, "Invalid attribute mapping: the user pool has no attribute identities to map to."),
        ({"sub": "sub"}, "Invalid attribute mapping: the user pool has no attribute sub to map to."),
        (
            {"custom:none": "x"},
            "Invalid attribute mapping: the user pool has no attribute custom:none to map to.",
        ),
        ({"email": ""}, "Invalid attribute mapping: email is mapped to nothing."),
    ],
)
def test_claims_are_mapped_to_attributes_of_the_pool(
    idp: CognitoIdentityProviderClient, pool_id: str, mapping: dict[str, str], sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        an_oidc_provider(idp, pool_id, AttributeMapping=mapping)


def test_only_openid_connect_has_levels_of_authentication(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    a_social_provider(idp, pool_id)

    with refused("InvalidParameterException", "Only OIDC providers support AcrMapping."):
        idp.update_identity_provider(UserPoolId=pool_id, ProviderName="Google", AcrMapping={"Level1": "low"})


def test_a_saml_provider_tells_where_its_metadata_sends_people(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    made = a_saml_provider(idp, pool_id, IDPSignout="true")

    certificate = x509.load_der_x509_certificate(
        base64.b64decode(made["ProviderDetails"]["ActiveEncryptionCertificate"])
    )
    assert made["ProviderDetails"]["SSORedirectBindingURI"] == SIGN_ON
    assert made["ProviderDetails"]["SLORedirectBindingURI"] == LOGOUT
    assert made["AttributeMapping"] == {"username": NAME_ID}
    assert certificate.subject == certificate.issuer


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("<EntityDescriptor", "The document is not well-formed XML."),
        ("<a>" * 70 + "</a>" * 70, "The document is nested too deeply."),
        ("<a/>", "there is no IDPSSODescriptor."),
        (a_metadata_document(prologue=ENTITY), "Document type declarations are not accepted."),
        (a_metadata_document(prologue=EXTERNAL), "Document type declarations are not accepted."),
        (a_metadata_document(certificate="AAAA"), "a certificate cannot be read."),
        (a_metadata_document().replace(SIGN_ON, "https://["), "an address cannot be read."),
        (a_metadata_document().replace(LOGOUT, "https://idp\u2100.example.com"), "an address cannot be read."),
        (
            a_metadata_document(binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"),
            "an entityID and a SingleSignOnService by HTTP-Redirect are needed.",
        ),
    ],
)
def test_metadata_that_cannot_be_used_is_refused(
    idp: CognitoIdentityProviderClient, pool_id: str, document: str, sentence: str
) -> None:
    with refused("InvalidParameterException", f"Invalid SAML metadata: {sentence}"):
        a_saml_provider(idp, pool_id, document)


@pytest.mark.parametrize("details", [{}, {"MetadataFile": "x", "MetadataURL": "https://idp.example.com/m"}])
def test_metadata_comes_from_one_place(
    idp: CognitoIdentityProviderClient, pool_id: str, details: dict[str, str]
) -> None:
    with refused("InvalidParameterException", "Either MetadataURL or MetadataFile is required for SAML providers."):
        idp.create_identity_provider(
            UserPoolId=pool_id, ProviderName="Work", ProviderType="SAML", ProviderDetails=details
        )


@pytest.mark.parametrize("url", ["https://8.8.8.8:99999/m", "https://8.8.8.8:x/m", "https://127.0.0.1/m"])
def test_metadata_is_not_read_from_where_nothing_can_be(
    idp: CognitoIdentityProviderClient, pool_id: str, url: str
) -> None:
    with refused("InvalidParameterException"):
        idp.create_identity_provider(
            UserPoolId=pool_id, ProviderName="Work", ProviderType="SAML", ProviderDetails={"MetadataURL": url}
        )


def served_with(services: Services, web: Web) -> Any:
    """Return a client of a server for which the world is `web`."""
    world: Any = web
    return client_of(mount_faces(replace(services, http=world)), "cognito-idp")


def from_url(idp: Any, pool_id: str) -> Any:
    return idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Work",
        ProviderType="SAML",
        ProviderDetails={"MetadataURL": "https://idp.example.com/m"},
    )["IdentityProvider"]


def test_metadata_is_read_from_its_address(services: Services) -> None:
    idp = served_with(services, Web(a_metadata_document().encode()))

    made = from_url(idp, a_user_pool(idp))

    assert made["ProviderDetails"]["SSORedirectBindingURI"] == SIGN_ON


@pytest.mark.parametrize("web", [Web(None), Web(b"gone", 404), Web(b"\xff\xfe"), Web(b" " * (1024 * 1024 + 1))])
def test_metadata_that_cannot_be_read_is_refused(services: Services, web: Web) -> None:
    idp = served_with(services, web)
    pool_id = a_user_pool(idp)

    with refused("InvalidParameterException", "The SAML metadata cannot be read from MetadataURL."):
        from_url(idp, pool_id)


def test_a_provider_makes_the_group_of_its_users(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id)

    group = idp.get_group(UserPoolId=pool_id, GroupName=f"{pool_id}_Corp")["Group"]

    assert group["Description"] == "Autogenerated group for users who sign in using Corp"


def test_a_provider_can_be_made_again_beside_its_old_group(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id)
    idp.delete_identity_provider(UserPoolId=pool_id, ProviderName="Corp")

    an_oidc_provider(idp, pool_id)

    assert len(idp.list_groups(UserPoolId=pool_id)["Groups"]) == 1


def test_clients_may_offer_the_providers_that_there_are(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id)

    client_id = a_client(idp, pool_id, SupportedIdentityProviders=["COGNITO", "Corp"])

    described = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
    assert described["SupportedIdentityProviders"] == ["COGNITO", "Corp"]


def test_clients_may_not_offer_others(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, a_user_pool(idp))

    with refused("InvalidParameterException", f"The provider Corp does not exist for User Pool {pool_id}."):
        a_client(idp, pool_id, SupportedIdentityProviders=["Corp"])


def test_a_deleted_provider_is_offered_no_more(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id)
    both = a_client(idp, pool_id, SupportedIdentityProviders=["COGNITO", "Corp"])
    alone = a_client(idp, pool_id, SupportedIdentityProviders=["Corp"])

    idp.delete_identity_provider(UserPoolId=pool_id, ProviderName="Corp")

    first = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=both)["UserPoolClient"]
    second = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=alone)["UserPoolClient"]
    assert first["SupportedIdentityProviders"] == ["COGNITO"]
    assert "SupportedIdentityProviders" not in second


def test_providers_are_listed_by_page(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    an_oidc_provider(idp, pool_id, "Beta")
    an_oidc_provider(idp, pool_id, "Alpha")

    first = idp.list_identity_providers(UserPoolId=pool_id, MaxResults=1)
    second = idp.list_identity_providers(UserPoolId=pool_id, MaxResults=1, NextToken=first["NextToken"])

    assert [each["ProviderName"] for each in first["Providers"] + second["Providers"]] == ["Alpha", "Beta"]
    assert first["Providers"][0]["ProviderType"] == "OIDC"
    assert "NextToken" not in second


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("describe_identity_provider", {"ProviderName": "Nobody"}),
        ("update_identity_provider", {"ProviderName": "Nobody"}),
        ("delete_identity_provider", {"ProviderName": "Nobody"}),
        ("get_identity_provider_by_identifier", {"IdpIdentifier": "Nobody"}),
    ],
)
def test_a_provider_that_is_not_there_is_not_found(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str, members: dict[str, str]
) -> None:
    with refused("ResourceNotFoundException", "Identity provider Nobody does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, **members)


@pytest.mark.parametrize("operation", ["describe_identity_provider", "delete_identity_provider"])
def test_the_providers_of_another_account_are_out_of_reach(
    idp: CognitoIdentityProviderClient, aws: Any, pool_id: str, operation: str
) -> None:
    an_oidc_provider(idp, pool_id)
    stranger = aws("cognito-idp", key="111111111111")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        getattr(stranger, operation)(UserPoolId=pool_id, ProviderName="Corp")


def test_secrets_are_sealed_in_the_database(
    idp: CognitoIdentityProviderClient, services: Services, pool_id: str
) -> None:
    an_oidc_provider(idp, pool_id)

    with sa.create_engine(services.settings.sqlalchemy_url).connect() as connection:
        details = connection.execute(sa.text("SELECT details FROM identity_providers")).scalar_one()

    assert "hush-hush-secret" not in details


def test_the_signing_certificate_is_renewed_each_year_over_the_same_key(
    idp: CognitoIdentityProviderClient, clock: FakeClock, pool_id: str
) -> None:
    first = idp.get_signing_certificate(UserPoolId=pool_id)["Certificate"]
    again = idp.get_signing_certificate(UserPoolId=pool_id)["Certificate"]
    clock.set(clock.now().replace(year=clock.now().year + 1))
    renewed = idp.get_signing_certificate(UserPoolId=pool_id)["Certificate"]

    old, new = (x509.load_der_x509_certificate(base64.b64decode(each)) for each in (first, renewed))
    assert again == first
    assert renewed != first
    assert new.public_key() == old.public_key()
    assert old.not_valid_after_utc.year - old.not_valid_before_utc.year == 10
    old.verify_directly_issued_by(old)


def test_the_signing_key_of_saml_signs_no_tokens(idp: CognitoIdentityProviderClient, web: Any, pool_id: str) -> None:
    idp.get_signing_certificate(UserPoolId=pool_id)

    assert len(web.get(f"/{pool_id}/.well-known/jwks.json").get_json()["keys"]) == 2
