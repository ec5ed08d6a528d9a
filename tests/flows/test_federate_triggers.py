"""What a pool's functions see, and decide, of somebody who comes from an upstream provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerRefused
from tests.aws.cognito_idp.people import with_ann
from tests.aws.cognito_idp.trigger_stories import GOLDEN, Town
from tests.flows.federated import EVERY_TRIGGER, Federation, a_federation, refused_to_client

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

BY_EMAIL = {"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
FIRST = ["InboundFederation_ExternalProvider", "PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp"]
LATER = [
    "InboundFederation_ExternalProvider",
    "PreAuthentication_Authentication",
    "PostAuthentication_Authentication",
]


@pytest.fixture
def federation(services: Services, idp: Any) -> Federation:
    return a_federation(services, idp, settings={"LambdaConfig": EVERY_TRIGGER})


def mapping_to(claims: Any) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda event: {**event, "response": {"userAttributesToMap": claims}}


def refusing(event: Mapping[str, Any]) -> Mapping[str, Any]:
    raise TriggerRefused(f"{event['triggerSource'].partition('_')[0]} failed with error not today.")


def granting(*flags: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda event: {**event, "response": dict.fromkeys(flags, True)}


def sources(triggers: ScriptedTriggers) -> list[str]:
    return [call.source for call in triggers.calls]


def event_of(triggers: ScriptedTriggers, name: str) -> Mapping[str, Any]:
    return next(call.event for call in triggers.calls if call.name == name)


def test_a_first_sign_in_runs_the_triggers_of_a_sign_up(federation: Federation, triggers: ScriptedTriggers) -> None:
    federation.sign_in()

    assert sources(triggers) == FIRST


def test_a_later_sign_in_runs_the_triggers_of_a_sign_in(federation: Federation, triggers: ScriptedTriggers) -> None:
    federation.sign_in()
    triggers.calls.clear()
    federation.sign_in()

    assert sources(triggers) == LATER


@pytest.mark.parametrize("source", FIRST[:2])
def test_a_function_sees_what_the_provider_sent(
    federation: Federation, outbox: Outbox, triggers: ScriptedTriggers, source: str
) -> None:
    federation.sign_in("s-1", {"email": "ann@example.com", "given_name": "Ann", "hobby": "chess"})

    event = Town(federation.pool, outbox, triggers).last(source)
    assert event == json.loads((GOLDEN / f"{source}.json").read_text())


def test_post_confirmation_sees_the_stored_user(federation: Federation, triggers: ScriptedTriggers) -> None:
    user = federation.sign_in().user

    told = event_of(triggers, "PostConfirmation")["request"]["userAttributes"]
    assert (told["sub"], told["cognito:user_status"]) == (user.sub, "EXTERNAL_PROVIDER")


def test_the_answer_of_inbound_federation_takes_the_place_of_the_claims(
    federation: Federation, triggers: ScriptedTriggers
) -> None:
    triggers.on("InboundFederation", mapping_to({"given_name": "Anne"}))
    federation.sign_in("s-1", {"email": "ann@example.com", "given_name": "Ann"})

    assert federation.attributes() == {"given_name": "Anne"}


@pytest.mark.parametrize("answer", [{}, None])
def test_an_empty_answer_keeps_the_claims(federation: Federation, triggers: ScriptedTriggers, answer: Any) -> None:
    triggers.on("InboundFederation", mapping_to(answer))
    federation.sign_in("s-1", {"given_name": "Ann"})

    assert federation.attributes() == {"given_name": "Ann"}


@pytest.mark.parametrize("answer", [{"given_name": 7}, {"given_name": None}, ["Ann"], [], "Ann", False])
def test_an_answer_that_is_no_map_of_texts_is_refused(
    federation: Federation, triggers: ScriptedTriggers, answer: Any
) -> None:
    triggers.on("InboundFederation", mapping_to(answer))

    with refused_to_client("Unrecognizable lambda output"):
        federation.sign_in()
    assert federation.usernames() == []


def test_who_somebody_is_does_not_change_by_the_answer(federation: Federation, triggers: ScriptedTriggers) -> None:
    triggers.on("InboundFederation", mapping_to({"sub": "s-2", "given_name": "Ann"}))

    assert federation.sign_in("s-1").user.username == "Corp_s-1"


@pytest.mark.parametrize("name", ["InboundFederation", "PreSignUp"])
def test_a_refusal_before_the_user_is_stored_stores_nobody(
    federation: Federation, triggers: ScriptedTriggers, name: str
) -> None:
    triggers.on(name, refusing)

    with refused_to_client(f"{name} failed with error not today."):
        federation.sign_in()
    assert federation.usernames() == []


def test_a_refusal_by_post_confirmation_leaves_the_user(federation: Federation, triggers: ScriptedTriggers) -> None:
    triggers.on("PostConfirmation", refusing)

    with refused_to_client("PostConfirmation failed with error not today."):
        federation.sign_in()
    assert federation.usernames() == ["Corp_s-1"]


def test_a_refusal_by_pre_authentication_leaves_the_attributes(
    federation: Federation, triggers: ScriptedTriggers
) -> None:
    federation.sign_in("s-1", {"given_name": "Ann"})
    triggers.on("PreAuthentication", refusing)

    with refused_to_client("PreAuthentication failed with error not today."):
        federation.sign_in("s-1", {"given_name": "Anne"})
    assert federation.attributes() == {"given_name": "Ann"}


def test_a_refusal_by_post_authentication_is_told(federation: Federation, triggers: ScriptedTriggers) -> None:
    federation.sign_in()
    triggers.on("PostAuthentication", refusing)

    with refused_to_client("PostAuthentication failed with error not today."):
        federation.sign_in()


def test_post_authentication_sees_what_the_provider_says_now(
    federation: Federation, triggers: ScriptedTriggers
) -> None:
    federation.sign_in("s-1", {"given_name": "Ann"})
    federation.sign_in("s-1", {"given_name": "Anne"})

    assert event_of(triggers, "PreAuthentication")["request"]["userAttributes"]["given_name"] == "Ann"
    assert event_of(triggers, "PostAuthentication")["request"]["userAttributes"]["given_name"] == "Anne"


@pytest.mark.parametrize(("attribute", "value"), [("Cognito_Subject", "s-1"), ("email", "ann@example.com")])
def test_a_link_that_pre_sign_up_makes_counts_at_once(
    federation: Federation, triggers: ScriptedTriggers, attribute: str, value: str
) -> None:
    with_ann(federation.pool)
    triggers.calls.clear()

    def linking(event: Mapping[str, Any]) -> Mapping[str, Any]:
        federation.link("ann", value, attribute=attribute)
        return event

    triggers.on("PreSignUp", linking)

    assert federation.sign_in().user.username == "ann"
    assert (sources(triggers), federation.usernames()) == ([*FIRST[:2], *LATER[1:]], ["ann"])


def test_a_user_whom_pre_authentication_has_disabled_is_refused(
    federation: Federation, triggers: ScriptedTriggers
) -> None:
    federation.sign_in()

    def disabling(event: Mapping[str, Any]) -> Mapping[str, Any]:
        federation.pool.idp.admin_disable_user(UserPoolId=federation.pool.pool_id, Username="Corp_s-1")
        return event

    triggers.on("PreAuthentication", disabling)

    with refused_to_client("User is disabled."):
        federation.sign_in()


def test_an_address_that_pre_sign_up_verifies_moves_from_its_owner(
    services: Services, idp: Any, triggers: ScriptedTriggers
) -> None:
    federation = a_federation(services, idp, settings={**BY_EMAIL, "LambdaConfig": EVERY_TRIGGER})
    triggers.on("PreSignUp", granting("autoVerifyEmail"))
    federation.sign_in("s-1")
    federation.sign_in("s-2")

    assert federation.attributes("ann@example.com") == {"email": "ann@example.com", "email_verified": "true"}
    assert federation.shown("ann@example.com")["Username"] == "Corp_s-2"
    assert federation.attributes("Corp_s-1")["email_verified"] == "false"


def test_an_address_that_pre_sign_up_verified_stays_so(
    services: Services, idp: Any, triggers: ScriptedTriggers
) -> None:
    federation = a_federation(services, idp, settings={**BY_EMAIL, "LambdaConfig": EVERY_TRIGGER})
    triggers.on("PreSignUp", granting("autoVerifyEmail"))
    federation.sign_in()
    federation.sign_in()

    assert federation.attributes()["email_verified"] == "true"


def test_a_flag_for_an_address_that_did_not_come_is_refused(federation: Federation, triggers: ScriptedTriggers) -> None:
    triggers.on("PreSignUp", granting("autoVerifyPhone"))

    with refused_to_client("Phone number is required to verify/un-verify a phone number"):
        federation.sign_in()
