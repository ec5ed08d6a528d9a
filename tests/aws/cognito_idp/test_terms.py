"""Terms of use and privacy policies of clients, through the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_client, a_user_pool
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

LINKS = {"cognito:default": "https://example.com/terms", "cognito:spanish": "https://example.com/es"}
NOWHERE = "c0ffee00-0000-4000-8000-000000000000"
NOT_FOUND = "Terms do not exist."


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return a_user_pool(idp)


@pytest.fixture
def client_id(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    return a_client(idp, pool_id)


def some_terms(idp: Any, pool_id: str, client_id: str, name: str = "terms-of-use", **changed: Any) -> Any:
    given = {"Links": LINKS, "TermsSource": "LINK", "Enforcement": "NONE", **changed}
    return idp.create_terms(UserPoolId=pool_id, ClientId=client_id, TermsName=name, **given)["Terms"]


def test_terms_are_found_by_id_and_by_client(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = some_terms(idp, pool_id, client_id)

    by_id = idp.describe_terms(UserPoolId=pool_id, TermsId=made["TermsId"])["Terms"]
    named: Any = {"UserPoolId": pool_id, "ClientId": client_id, "TermsName": "terms-of-use"}
    by_client = idp.describe_terms_by_client(**named)["Terms"]

    assert by_id == by_client == made
    assert (made["Links"], made["TermsSource"], made["Enforcement"]) == (LINKS, "LINK", "NONE")


def test_a_client_has_one_document_of_a_kind(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    some_terms(idp, pool_id, client_id)
    some_terms(idp, pool_id, client_id, "privacy-policy")

    with refused("TermsExistsException", "Terms already exist for the app client."):
        some_terms(idp, pool_id, client_id)


def test_an_update_changes_what_it_brings(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = some_terms(idp, pool_id, client_id)
    named: Any = {"UserPoolId": pool_id, "TermsId": made["TermsId"]}

    idp.update_terms(**named, TermsName="privacy-policy")
    changed = idp.update_terms(**named, Links={"cognito:default": "https://example.com/new"})["Terms"]

    assert changed["TermsName"] == "privacy-policy"
    assert changed["Links"] == {"cognito:default": "https://example.com/new"}


def test_a_document_cannot_take_the_kind_of_another(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str
) -> None:
    some_terms(idp, pool_id, client_id)
    other = some_terms(idp, pool_id, client_id, "privacy-policy")

    with refused("TermsExistsException", "Terms already exist for the app client."):
        idp.update_terms(UserPoolId=pool_id, TermsId=other["TermsId"], TermsName="terms-of-use")


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        ({"cognito:english": "https://example.com"}, "Links must have cognito:default."),
        (
            {"cognito:default": "javascript:alert(1)"},
            "The link of cognito:default must be an http or https URL.",
        ),
        ({"cognito:default": "https://[x"}, "The link of cognito:default must be an http or https URL."),
    ],
)
def test_links_lead_to_the_web_in_every_language(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, links: dict[str, str], sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        some_terms(idp, pool_id, client_id, Links=links)


def test_deleted_terms_are_gone(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = some_terms(idp, pool_id, client_id)

    idp.delete_terms(UserPoolId=pool_id, TermsId=made["TermsId"])

    with refused("ResourceNotFoundException", NOT_FOUND):
        idp.describe_terms(UserPoolId=pool_id, TermsId=made["TermsId"])


def test_terms_are_listed_by_page_in_short(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    some_terms(idp, pool_id, client_id)
    some_terms(idp, pool_id, client_id, "privacy-policy")

    first = idp.list_terms(UserPoolId=pool_id, MaxResults=1)
    second = idp.list_terms(UserPoolId=pool_id, MaxResults=1, NextToken=first["NextToken"])

    assert {each["TermsName"] for each in first["Terms"] + second["Terms"]} == {"terms-of-use", "privacy-policy"}
    assert "Links" not in first["Terms"][0]
    assert "NextToken" not in second


def test_a_pool_has_at_most_forty_documents(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    for _ in range(20):
        some = a_client(idp, pool_id)
        some_terms(idp, pool_id, some)
        some_terms(idp, pool_id, some, "privacy-policy")

    with refused("LimitExceededException", "A user pool has at most 40 terms documents."):
        some_terms(idp, pool_id, a_client(idp, pool_id))


@pytest.mark.parametrize("operation", ["describe_terms", "update_terms", "delete_terms"])
def test_the_terms_of_another_pool_are_out_of_reach(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, operation: str
) -> None:
    made = some_terms(idp, pool_id, client_id)

    with refused("ResourceNotFoundException", NOT_FOUND):
        getattr(idp, operation)(UserPoolId=a_user_pool(idp), TermsId=made["TermsId"])


def test_terms_are_for_clients_of_the_pool(idp: CognitoIdentityProviderClient, client_id: str) -> None:
    with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
        some_terms(idp, a_user_pool(idp), client_id)


def test_who_is_denied_terms_is_denied_them_by_client_too(
    idp: CognitoIdentityProviderClient, aws: Any, pool_id: str, client_id: str
) -> None:
    some_terms(idp, pool_id, client_id)
    ann = a_signer(aws, {"Effect": "Deny", "Action": "cognito-idp:DescribeTerms", "Resource": "*"})

    with refused("AccessDeniedException"):
        ann.describe_terms_by_client(UserPoolId=pool_id, ClientId=client_id, TermsName="terms-of-use")


def test_terms_by_client_need_no_leave_for_terms_by_id(
    idp: CognitoIdentityProviderClient, aws: Any, pool_id: str, client_id: str
) -> None:
    made = some_terms(idp, pool_id, client_id)
    ann = a_signer(aws)

    found = ann.describe_terms_by_client(UserPoolId=pool_id, ClientId=client_id, TermsName="terms-of-use")

    assert found["Terms"] == made


def a_signer(aws: Any, *more: dict[str, str]) -> Any:
    """Return a client signed by a user who may describe terms by client, and what more their policy says."""
    allowed = {"Effect": "Allow", "Action": "cognito-idp:DescribeTermsByClient", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed, *more]})
    iam = aws("iam", key="000000000000")
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    return aws("cognito-idp", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
