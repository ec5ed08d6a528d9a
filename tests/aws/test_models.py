"""The model's patterns: Java's meaning, in linear time; and corrections, only where the model needs them."""

from __future__ import annotations

import time

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from idp.aws.directory import SERVICES, Service
from idp.aws.models import (
    ADDED_VALUES,
    LINEAR_PATTERNS,
    PATTERN_TIMEOUT_S,
    UNSIGNED,
    is_unsigned,
    matcher,
    operation_names,
    service_model,
)

SERVED = ["cognito-idp", "cognito-identity", "sts", "iam", "lambda"]
LENGTH = 20_000
HOSTILE = [
    (piece * LENGTH)[: LENGTH - 1] + end
    for piece in ("a", "0", ".", "-", " ", "/a", "a.", "a@", ":", "{##", "{####}", "##}", "arn:aws:iam::1:", "\u00e9")
    for end in ("\x01", "a")
]


def patterns_of(service: str) -> set[str]:
    model = service_model(service)
    found = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
    return {pattern for pattern in found if pattern is not None}


PATTERNS = sorted(set().union(*(patterns_of(service) for service in SERVED)))


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_no_pattern_of_a_model_is_slow_on_hostile_text(pattern: str) -> None:
    matches = matcher(pattern)

    started = time.perf_counter()
    for text in HOSTILE:
        matches(text)

    assert time.perf_counter() - started < PATTERN_TIMEOUT_S  # a single slow text takes that long alone


def test_the_patterns_matched_by_a_linear_check_are_the_models() -> None:
    assert set(LINEAR_PATTERNS) <= patterns_of("cognito-idp")


E_MAIL = service_model("cognito-idp").shape_for("EmailVerificationMessageType").metadata["pattern"]
LINK = service_model("cognito-idp").shape_for("EmailVerificationMessageByLinkType").metadata["pattern"]
FROM = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
SMS = service_model("cognito-idp").shape_for("SmsVerificationMessageType").metadata["pattern"]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (E_MAIL, "Your code:\n{####}.", True),
        (E_MAIL, "Your code: {###}.", False),
        (E_MAIL, "{####}\x01", False),
        (LINK, "Click {##here##}!", True),
        (LINK, "Click {####}!", True),
        (LINK, "Click {##here#}!", False),
        (LINK, "Click ##}{##", False),
        (FROM, "a@b", True),
        (FROM, "@@@", True),
        (FROM, "a@", False),
        (FROM, "@b", False),
        (FROM, "@", False),
        (FROM, "a @b", False),
        (SMS, "{####}", True),
        (SMS, "\n{####}", False),
        (r"[\w+]+", "abc123_+", True),
        (r"[\w+]+", "caf\u00e9", False),
        (r"[\d]+", "\u0663", False),
        (r"[\S]+", "a\u00a0b", True),
        (r"[\S]+", "a\u000bb", False),
        (r"[\p{L}\p{M}]+", "caf\u00e9", True),
    ],
)
def test_a_pattern_means_what_it_means_in_java(pattern: str, text: str, expected: bool) -> None:
    assert matcher(pattern)(text) is expected


def test_a_pattern_covers_the_whole_value() -> None:
    assert not matcher("[a-z]+")("abc\n")


def test_a_match_that_takes_too_long_counts_as_none() -> None:
    assert matcher(r"(a|aa)*b\1")("a" * 60) is False


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())
def test_what_the_face_knows_of_a_service_is_what_its_model_says(service: Service) -> None:
    metadata = service_model(service.id).metadata

    assert metadata["protocol"] == service.protocol
    assert metadata.get("signingName", metadata["endpointPrefix"]) == service.signing_name
    assert metadata.get("targetPrefix", "") == service.target_prefix


def test_an_operation_is_found_by_the_name_of_its_boto3_method() -> None:
    assert operation_names("cognito-idp")["set_user_mfa_preference"] == "SetUserMFAPreference"


@pytest.mark.parametrize(
    ("service", "shape"), [(service, name) for service in ADDED_VALUES for name in ADDED_VALUES[service]]
)
def test_a_value_is_added_only_while_the_model_lacks_it(service: str, shape: str) -> None:
    added = set(ADDED_VALUES[service][shape])
    original = Loader().load_service_model(service, "service-2")["shapes"][shape]["enum"]

    assert added.isdisjoint(original)
    assert added <= set(service_model(service).shape_for(shape).metadata["enum"])


@pytest.mark.parametrize(("service", "name"), [(service, name) for service in UNSIGNED for name in UNSIGNED[service]])
def test_an_operation_is_made_unsigned_only_while_the_model_signs_it(service: str, name: str) -> None:
    original = ServiceModel(Loader().load_service_model(service, "service-2"), service)

    assert not is_unsigned(original.operation_model(name))
    assert is_unsigned(service_model(service).operation_model(name))
