"""What a provider's claims become as attributes, at the first sign-in and at later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import with_ann
from tests.aws.cognito_idp.providers import a_social_provider
from tests.flows.federated import MAPPING, Federation, a_federation, refused_to_client

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock

GIVEN = {"given_name": "Ann"}
NO_EMAIL = {"email": ""}


@pytest.fixture
def federation(services: Services, idp: Any) -> Federation:
    return a_federation(services, idp)


def a_schema(name: str, **definition: Any) -> dict[str, Any]:
    return {"Schema": [{"Name": name, "AttributeDataType": "String", **definition}]}


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("chess", "chess"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (1.5, "1.5"),
        (2**70, "1180591620717411303424"),
        (["chess", "go"], "[chess, go]"),
        (["chess", 7, True, ["go"]], "[chess, 7, true, [go]]"),
        ([], "[]"),
        ({"formatted": "Große Straße 1"}, '{"formatted":"Große Straße 1"}'),
    ],
)
def test_a_claim_becomes_a_text(services: Services, idp: Any, claim: Any, text: str) -> None:
    federation = a_federation(services, idp, mapping={"nickname": "hobby"})
    federation.sign_in("s-1", {"hobby": claim})

    assert federation.attributes() == {"nickname": text}


@pytest.mark.parametrize("claims", [{}, {"given_name": None}, {"given_name": ""}], ids=["absent", "null", "empty"])
def test_a_claim_that_says_nothing_makes_no_attribute(federation: Federation, claims: dict[str, Any]) -> None:
    federation.sign_in("s-1", claims)

    assert federation.attributes() == {}


@pytest.mark.parametrize(("claim", "flag"), [(True, "true"), ("True", "true"), (False, "false")])
def test_an_address_is_verified_as_the_provider_says(federation: Federation, claim: Any, flag: str) -> None:
    federation.sign_in("s-1", {"email": "ann@example.com", "email_verified": claim})

    assert federation.attributes() == {"email": "ann@example.com", "email_verified": flag}


def test_a_claim_that_is_not_mapped_verifies_nothing(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, mapping={"email": "email"})
    federation.sign_in("s-1", {"email": "ann@example.com", "email_verified": True})

    assert federation.attributes()["email_verified"] == "false"


def test_an_address_that_did_not_come_is_not_verified(federation: Federation) -> None:
    federation.sign_in("s-1", {"email_verified": True})
    federation.sign_in("s-1", {"email_verified": True})

    assert federation.attributes() == {}


@pytest.mark.parametrize("claims", [{}, NO_EMAIL], ids=["absent", "empty"])
def test_required_attributes_must_come(services: Services, idp: Any, claims: dict[str, Any]) -> None:
    federation = a_federation(services, idp, settings=a_schema("email", Required=True))

    with refused_to_client("attributes required: [email]"):
        federation.sign_in("s-1", claims)
    assert federation.usernames() == []


def test_a_required_attribute_cannot_be_cleared_later(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=a_schema("email", Required=True))
    federation.sign_in()

    with refused_to_client("attributes required: [email]"):
        federation.sign_in("s-1", NO_EMAIL)


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        ({"email": "nobody"}, "email: Invalid email address format. "),
        ({"email_verified": "perhaps", "email": "a@b.co"}, "email_verified: Value is not of type Boolean "),
        ({"given_name": "x" * 2049}, "given_name: String must be no longer than 2048 characters "),
        ({"given_name": "a\0b"}, "given_name: Value is not of type String "),
        ({"given_name": "\ud800"}, "given_name: Value is not of type String "),
    ],
    ids=["email", "truth", "long", "nul", "surrogate"],
)
def test_values_that_are_none_of_the_attributes_are_refused(
    federation: Federation, claims: dict[str, str], fault: str
) -> None:
    with refused_to_client(f"Invalid user attributes: {fault}"):
        federation.sign_in("s-1", claims)
    federation.sign_in("s-1", {})
    with refused_to_client(f"Invalid user attributes: {fault}"):
        federation.sign_in("s-1", claims)


def test_an_attribute_that_cannot_be_changed_is_set_once(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=a_schema("email", Mutable=False))
    federation.sign_in("s-1", {"email": "ann@example.com"})
    federation.sign_in("s-1", {"email": "ann@example.com"})

    with refused_to_client("Invalid user attributes: email: Attribute cannot be updated. "):
        federation.sign_in("s-1", {"email": "ann@work.example"})
    assert federation.attributes()["email"] == "ann@example.com"


def test_a_client_that_may_not_write_an_attribute_lets_nobody_in(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, WriteAttributes=["given_name"])

    with refused_to_client("A client attempted to write unauthorized attribute"):
        federation.sign_in()


def test_a_client_need_not_be_able_to_write_verified_flags(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, WriteAttributes=["email"])

    federation.sign_in("s-1", {"email": "ann@example.com", "email_verified": True})

    assert federation.attributes()["email_verified"] == "true"


def test_later_sign_ins_write_what_the_provider_says_now(federation: Federation) -> None:
    federation.sign_in("s-1", {"email": "ann@example.com", "given_name": "Ann"})
    federation.sign_in("s-1", {"email": "ann@example.com", "given_name": "Anne"})

    assert federation.attributes()["given_name"] == "Anne"


def test_a_sign_in_that_changes_nothing_writes_nothing(federation: Federation, clock: FakeClock) -> None:
    before = federation.sign_in().user
    clock.advance(60)

    assert federation.sign_in().user == before
    assert federation.shown()["UserLastModifiedDate"] == before.updated_at


def test_a_claim_that_does_not_come_any_more_leaves_its_attribute(federation: Federation) -> None:
    federation.sign_in("s-1", GIVEN)
    federation.sign_in("s-1", {})

    assert federation.attributes() == GIVEN


def test_an_empty_claim_clears_its_attribute(federation: Federation) -> None:
    federation.sign_in("s-1", {**GIVEN, "email": "ann@example.com", "email_verified": True})
    federation.sign_in("s-1", NO_EMAIL)

    assert federation.attributes() == GIVEN


def test_an_empty_claim_of_a_social_provider_clears_nothing(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp)
    a_social_provider(idp, federation.pool.pool_id)
    idp.update_identity_provider(
        UserPoolId=federation.pool.pool_id, ProviderName="Google", AttributeMapping={"given_name": "given_name"}
    )
    federation.sign_in("g-1", GIVEN, provider="Google")
    federation.sign_in("g-1", {"given_name": ""}, provider="Google")

    assert federation.attributes("Google_g-1") == GIVEN


@pytest.mark.parametrize(
    ("verified", "flag"), [({}, "false"), ({"email_verified": True}, "true")], ids=["silent", "said"]
)
def test_a_new_address_is_verified_only_if_the_provider_says_so(
    federation: Federation, verified: dict[str, Any], flag: str
) -> None:
    federation.sign_in("s-1", {"email": "ann@example.com", "email_verified": True})
    federation.sign_in("s-1", {"email": "ann@work.example", **verified})

    assert federation.attributes() == {"email": "ann@work.example", "email_verified": flag}


def test_a_linked_users_attributes_are_the_providers(federation: Federation) -> None:
    with_ann(federation.pool)
    federation.link("ann")
    federation.sign_in("s-1", {"given_name": "Anne"})

    assert federation.attributes("ann") == {
        "email": "ann@example.com",
        "email_verified": "false",
        "address": "1 Main St",
        "given_name": "Anne",
    }


def test_the_providers_word_needs_no_code(services: Services, idp: Any) -> None:
    verified_first = {
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }
    federation = a_federation(services, idp, settings=verified_first, mapping=MAPPING)
    federation.sign_in("s-1", {"email": "ann@example.com"})
    federation.sign_in("s-1", {"email": "ann@work.example"})

    assert federation.attributes()["email"] == "ann@work.example"
