"""The AWS services this face knows: how a request names each, and how each answers.

Service ids are botocore's. A test holds every row against botocore's own metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

ProtocolName = Literal["json", "query", "rest-json"]

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """One AWS service.

    Attributes:
        id: botocore's service id.
        content_type: of its answers.
        signing_name: the service in a signature's scope, and the prefix of its IAM actions.
        target_prefix: what stands before the dot in X-Amz-Target (json).
        version: the API version that the form names (query).
        max_body_bytes: larger requests are refused unread.
        unsigned_message: the sentence for a signed operation that came unsigned.  Source: spec SIGV4 section 5, step 2.
        clock_skew: how far a signature's time may be off.  Source: spec SIGV4 section 4.
        error_namespace: stands before the `#` of an error's `__type`, on services that send one.
        passed_through: handed to a backend by `passthrough`, not served by operations of ours.
    """

    id: str
    protocol: ProtocolName
    content_type: str
    signing_name: str
    target_prefix: str = ""
    version: str = ""
    max_body_bytes: int = MEBIBYTE
    clock_skew: timedelta = timedelta(minutes=5)
    unsigned_message: str = "Missing Authentication Token"
    error_namespace: str = ""
    passed_through: bool = False


JSON_1_0 = "application/x-amz-json-1.0"
JSON_1_1 = "application/x-amz-json-1.1"
QUARTER_HOUR = timedelta(minutes=15)
UNSIGNED = "Request is missing Authentication Token"
CORAL = "com.amazon.coral.service#"

COGNITO_IDP = Service(
    "cognito-idp",
    "json",
    JSON_1_1,
    "cognito-idp",
    "AWSCognitoIdentityProviderService",
    max_body_bytes=2 * MEBIBYTE,  # Source: AWS API_CreateManagedLoginBranding
)
COGNITO_IDENTITY = Service("cognito-identity", "json", JSON_1_1, "cognito-identity", "AWSCognitoIdentityService")
STS = Service(
    "sts", "query", "text/xml", "sts", version="2011-06-15", clock_skew=QUARTER_HOUR, unsigned_message=UNSIGNED
)
IAM = Service(
    "iam", "query", "text/xml", "iam", version="2010-05-08", clock_skew=QUARTER_HOUR, unsigned_message=UNSIGNED
)
LAMBDA = Service("lambda", "rest-json", "application/json", "lambda", max_body_bytes=70 * MEBIBYTE)
DYNAMODB = Service(
    "dynamodb",
    "json",
    JSON_1_0,
    "dynamodb",
    "DynamoDB_20120810",
    max_body_bytes=16 * MEBIBYTE,
    clock_skew=QUARTER_HOUR,
    unsigned_message=UNSIGNED,
    error_namespace=CORAL,
    passed_through=True,
)
DYNAMODB_STREAMS = Service(
    "dynamodbstreams",
    "json",
    JSON_1_0,
    "dynamodb",
    "DynamoDBStreams_20120810",
    clock_skew=QUARTER_HOUR,
    unsigned_message=UNSIGNED,
    error_namespace=CORAL,
    passed_through=True,
)

SERVICES: Mapping[str, Service] = {
    each.id: each for each in (COGNITO_IDP, COGNITO_IDENTITY, STS, IAM, LAMBDA, DYNAMODB, DYNAMODB_STREAMS)
}
BY_TARGET_PREFIX: Mapping[str, Service] = {each.target_prefix: each for each in SERVICES.values() if each.target_prefix}
BY_VERSION: Mapping[str, Service] = {each.version: each for each in SERVICES.values() if each.version}
REST_SERVICES: tuple[Service, ...] = tuple(each for each in SERVICES.values() if each.protocol == "rest-json")
