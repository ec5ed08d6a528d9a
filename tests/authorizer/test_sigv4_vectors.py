"""The public signing suite verifies, byte by byte."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from idp.authorizer.canonical import canonical_requests, string_to_sign
from idp.authorizer.sigv4 import SignatureRefused, WireRequest, parse_signature, verify_signature

SUITE = json.loads(Path(__file__).with_name("sigv4_vectors.json").read_text())
SIGNED_AT = datetime.fromisoformat(SUITE["signed_at"])

each_case = pytest.mark.parametrize("case", SUITE["cases"], ids=lambda case: case["name"])


def wire(case: dict[str, Any]) -> WireRequest:
    headers = tuple((name, value) for name, value in case["headers"])
    return WireRequest(case["method"], case["raw_path"], case["raw_query"], headers, case["body"].encode())


@each_case
def test_a_request_of_the_suite_verifies(case: dict[str, Any]) -> None:
    request = wire(case)

    signature = parse_signature(request)
    verify_signature(request, signature, SUITE["secret_key"], service=SUITE["service"], now=SIGNED_AT)

    assert signature.signature == case["signature"]
    assert signature.access_key_id == SUITE["access_key_id"]


@each_case
def test_the_suites_canonical_request_and_string_to_sign_are_among_ours(case: dict[str, Any]) -> None:
    request = wire(case)
    signature = parse_signature(request)
    payload_hash = case["canonical_request"].rsplit("\n", 1)[1]

    ours = list(canonical_requests(request, signature, payload_hash=payload_hash))

    assert case["canonical_request"] in ours
    assert string_to_sign(case["canonical_request"], signature) == case["string_to_sign"]


@each_case
def test_a_request_of_the_suite_is_refused_with_another_secret(case: dict[str, Any]) -> None:
    request = wire(case)
    signature = parse_signature(request)

    with pytest.raises(SignatureRefused, match="does not match the signature you provided"):
        verify_signature(request, signature, "another secret", service=SUITE["service"], now=SIGNED_AT)
