"""A SAML provider begins a sign-in on its own: where that is allowed, with the client's request, each assertion once."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.aws.cognito_idp.providers import a_social_provider
from tests.federation.company import Company, query_of
from tests.hosted import CALLBACK, SITE, Visitor, answered

NOT_TAKEN = "The client does not take sign-ins that begin at the identity provider."


@pytest.fixture
def eager(company: Company) -> Company:
    """The company, whose provider may begin sign-ins."""
    company.change_provider(IDPInit="true")
    return company


def test_somebody_who_begins_at_the_provider_ends_at_the_client_with_a_code(eager: Company, visitor: Visitor) -> None:
    client_id = eager.client("Corp")
    form = eager.unsolicited(client_id, state="their state", prompt="login")
    back = visitor.browser.post(f"{SITE}/saml2/idpresponse", data=form, base_url=visitor.origin)
    assert urlsplit(back.location).path == f"{SITE}/oauth2/authorize"
    answer = visitor.follow(back)
    assert answer.location.startswith(f"{CALLBACK}?code=")
    assert answered(answer)["state"] == "their state"


def test_nothing_goes_on_but_the_parameters_of_a_request(eager: Company) -> None:
    back = eager.post(eager.unsolicited(eager.client("Corp"), unheard="of"))
    assert sorted(query_of(back.location)) == [
        "client_id",
        "identity_provider",
        "redirect_uri",
        "response_type",
        "scope",
    ]


def test_an_assertion_is_good_once(eager: Company) -> None:
    client_id = eager.client("Corp")
    first = eager.post(eager.unsolicited(client_id))
    second = eager.post(eager.unsolicited(client_id))
    other = eager.post(eager.unsolicited(client_id, assertion_id="_another"))
    assert [urlsplit(each.location).path for each in (first, other)] == [f"{SITE}/oauth2/authorize"] * 2
    assert answered(second) == {
        "error": "server_error",
        "error_description": "Error in SAML response processing: The assertion was used already. ",
    }


def test_an_assertion_that_is_told_elsewhere_too_is_another_pools_matter(eager: Company) -> None:
    form = eager.unsolicited(eager.client("Corp"))
    assert eager.post(form, path=f"{eager.another_pool()}/saml2/idpresponse").status_code == 400


@pytest.mark.parametrize("age", [timedelta(minutes=7), timedelta(days=1)])
def test_an_old_assertion_is_refused(eager: Company, age: timedelta) -> None:
    form = eager.unsolicited(eager.client("Corp"))
    eager.clock.advance(age)
    assert answered(eager.post(form))["error"] == "server_error"


def test_a_provider_that_may_not_begin_sign_ins_is_refused(company: Company) -> None:
    answer = company.post(company.unsolicited(company.client("Corp")))
    assert answered(answer)["error"] == "server_error"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("others", ["COGNITO", "Google"])
def test_a_client_with_other_than_saml_providers_takes_no_such_sign_in(eager: Company, others: str) -> None:
    a_social_provider(eager.pool.idp, eager.pool.pool_id)
    told = answered(eager.post(eager.unsolicited(eager.client("Corp", others))))
    assert (told["error"], told["error_description"]) == ("invalid_request", NOT_TAKEN)


@pytest.mark.parametrize(
    "changes",
    [
        {"identity_provider": "Elsewhere"},
        {"identity_provider": "COGNITO"},
        {"scope": "unheard-of"},
        {"response_type": "x"},
    ],
)
def test_a_request_that_the_client_may_not_make_is_refused_to_the_client(
    eager: Company, changes: dict[str, str]
) -> None:
    answer = eager.post(eager.unsolicited(eager.client("Corp"), **changes))
    assert answer.location.startswith(f"{CALLBACK}?error=")


def test_a_client_of_the_implicit_flow_takes_no_such_sign_in(eager: Company) -> None:
    client_id = eager.client("Corp", AllowedOAuthFlows=["code", "implicit"])
    answer = eager.post(eager.unsolicited(client_id, response_type="token"))
    assert "error=invalid_request" in answer.location


def test_a_redirect_uri_that_is_not_registered_gets_nothing(eager: Company) -> None:
    answer = eager.post(eager.unsolicited(eager.client("Corp"), redirect_uri="https://evil.example/"))
    assert urlsplit(answer.location).path == f"{SITE}/error"


def test_an_unknown_client_ends_at_the_error_page(eager: Company) -> None:
    assert eager.post(eager.unsolicited("unknown")).status_code == 400


def test_the_answer_to_a_request_of_ours_is_no_sign_in_of_the_providers_own(eager: Company, visitor: Visitor) -> None:
    client_id = eager.client("Corp")
    form = eager.answer(visitor.open("/oauth2/authorize", eager.asking(client_id)).location)
    answer = eager.post({**form, "RelayState": eager.unsolicited(client_id)["RelayState"]})
    assert answered(answer)["error"] == "server_error"
