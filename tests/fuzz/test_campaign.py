"""The fuzz tests find what is wrong, and show the least of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from idp.aws.models import service_model
from tests.fuzz.campaign import Campaign
from tests.fuzz.door import Answer

SIGN_UP = service_model("cognito-idp").operation_model("SignUp")
KNOWN = {"ClientId": ["client"], "Username": ["ann"], "Password": ["secret"]}
DONE = {"UserConfirmed": True, "UserSub": "a"}


def campaign_against(answer_to: Callable[[Any], Answer]) -> Campaign:
    return Campaign(SIGN_UP, KNOWN, lambda _operation, given: answer_to(given))


def has_a_list(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("Username"), list)


def put_nothing_back() -> None:
    """Keep no state."""


def test_what_fails_is_shrunk_to_a_small_input() -> None:
    campaign = campaign_against(lambda given: Answer(500, {}) if has_a_list(given) else Answer(200, DONE))
    with pytest.raises(AssertionError, match="SignUp was sent") as caught:
        campaign.run(put_nothing_back)

    sent = re.search(r"was sent (.*) and \['answered 500", str(caught.value))
    assert sent is not None
    assert len(sent[1]) < 100
    assert orjson.loads(sent[1])["ClientId"] == "client"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(200, {**DONE, "UserConfirmed": "yes"}), "answer.UserConfirmed is str, not boolean"),
        (Answer(200, {"UserConfirmed": True}), "answer lacks UserSub"),
        (Answer(200, {**DONE, "Colour": "red"}), "answer has Colour, which the model lacks"),
        (Answer(200, {**DONE, "CodeDeliveryDetails": {"DeliveryMedium": "PIGEON"}}), "is 'PIGEON', none of the enum"),
        (Answer(503, {}, "InternalErrorException"), "answered 503"),
        (Answer(400, {}, "GroupExistsException"), "answered 400"),
        (Answer(400, None), "answered 400"),
    ],
)
def test_an_answer_that_the_model_lacks_is_a_fault(answer: Answer, fault: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(fault)):
        campaign_against(lambda _: answer).run(put_nothing_back)


def test_inputs_that_are_refused_for_their_shape_count_as_such() -> None:
    campaign = campaign_against(lambda _: Answer(400, {}, "SerializationException"))
    campaign.run(put_nothing_back)
    assert campaign.share_beyond_the_model == 0
