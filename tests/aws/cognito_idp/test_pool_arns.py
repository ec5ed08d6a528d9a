"""IAM decides on the pool's own ARN, whichever region a request is signed for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from idp.app import mount_faces
from tests.sdk import client_of, refused

ACCOUNT = "000000000000"


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_deny_on_one_pool_holds_for_every_region_that_is_signed_for(
    services: Any, aws: Any, idp: Any, region: str
) -> None:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    iam = aws("iam")
    iam.create_user(UserName="helper")
    key = iam.create_access_key(UserName="helper")["AccessKey"]
    statements = [
        {"Effect": "Allow", "Action": "cognito-idp:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool_id}"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="helper", PolicyName="all-but-one", PolicyDocument=document)
    signer = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"], "region": region}
    helper = client_of(mount_faces(services), "cognito-idp", **signer)
    with refused("AccessDeniedException"):
        helper.describe_user_pool(UserPoolId=pool_id)
