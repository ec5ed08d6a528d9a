"""The pool's triggers have their say on the pages as in the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from idp.domain.errors import TriggerRefused
from tests.aws.cognito_idp.trigger_stories import GOLDEN
from tests.fakes import ScriptedTriggers
from tests.hosted import CALLBACK, NAME, PASSWORD, SITE, VERIFIER, HostedPool, Visitor

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:trigger"


def refuse(_event: Mapping[str, Any]) -> Mapping[str, Any]:
    raise TriggerRefused("PreAuthentication failed with error Not today.")


@pytest.fixture
def customized(acme: HostedPool) -> HostedPool:
    """The pool with triggers."""
    acme.idp.update_user_pool(
        UserPoolId=acme.pool_id, LambdaConfig={"PreAuthentication": FUNCTION, "PreTokenGeneration": FUNCTION}
    )
    return acme


def test_a_refusal_is_shown_on_the_page(customized: HostedPool, visitor: Visitor, triggers: ScriptedTriggers) -> None:
    triggers.on("PreAuthentication", refuse)
    page = visitor.submit(visitor.open("/login", customized.asking()), username=NAME, password=PASSWORD)
    assert page.status_code == 400
    assert "PreAuthentication failed with error Not today." in page.text


def test_a_trigger_may_add_a_claim_to_the_tokens_of_a_hosted_sign_in(
    customized: HostedPool, visitor: Visitor, web: FlaskClient, triggers: ScriptedTriggers
) -> None:
    triggers.on(
        "PreTokenGeneration",
        lambda event: {**event, "response": {"claimsOverrideDetails": {"claimsToAddOrOverride": {"shelf": "A7"}}}},
    )
    form = {
        "grant_type": "authorization_code",
        "client_id": customized.client_id,
        "code": visitor.get_code(customized.asking()),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    tokens = web.post(f"{SITE}/oauth2/token", data=form).get_json()
    assert jwt.decode(tokens["id_token"], options={"verify_signature": False})["shelf"] == "A7"
    golden = (GOLDEN / "TokenGeneration_HostedAuth.json").read_text()
    sub = jwt.decode(tokens["id_token"], options={"verify_signature": False})["sub"]
    named = golden.replace("POOL", customized.pool_id).replace("CLIENT", customized.client_id).replace("SUB", sub)
    assert triggers.calls[-1].event == json.loads(named)
