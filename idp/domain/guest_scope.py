"""What guests of an identity pool may do at most in the enhanced flow, whatever their role allows.

Two session policies, which add up, stand beside the role's own.  Source: Cognito Developer Guide, "Access policies for
unauthenticated identities"; spec IDENTITY_POOLS section 8; the managed policy AmazonCognitoUnAuthedIdentitiesSessionPolicy,
version 4.
"""

from __future__ import annotations

import json

_INLINE_ACTIONS = (
    "cloudwatch:*",
    "logs:*",
    "dynamodb:*",
    "kinesis:*",
    "mobileanalytics:*",
    "s3:*",
    "ses:*",
    "sns:*",
    "sqs:*",
    "lambda:*",
    "machinelearning:*",
    "execute-api:*",
    "iot:*",
    "gamelift:*",
    "cognito-identity:*",
    "cognito-idp:*",
    "lex:*",
    "polly:*",
    "comprehend:*",
    "translate:*",
    "transcribe:*",
    "rekognition:*",
    "mobiletargeting:*",
    "firehose:*",
    "appsync:*",
    "personalize:*",
    "sagemaker:InvokeEndpoint",
    "cognito-sync:*",
    "codewhisperer:*",
    "textract:DetectDocumentText",
    "textract:AnalyzeDocument",
    "sdb:*",
)
_MANAGED_ACTIONS = (
    "rum:PutRumEvents",
    "sagemaker:InvokeEndpoint",
    "polly:*",
    "comprehend:*",
    "translate:*",
    "transcribe:*",
    "rekognition:*",
    "mobiletargeting:*",
    "firehose:*",
    "personalize:*",
    "geo:GetMap*",
    "geo:ListMaps",
    "geo:SearchPlaceIndex*",
    "geo:GetPlace",
    "geo:CalculateRoute*",
    "geo:*Geofence",
    "geo:*Geofences",
    "geo:*DevicePosition",
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptTo",
    "kms:ReEncryptFrom",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateDataKeyPairWithoutPlaintext",
)


def _allowing(actions: tuple[str, ...]) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


GUEST_SCOPE = (_allowing(_INLINE_ACTIONS), _allowing(_MANAGED_ACTIONS))
"""JSON texts of the inline and of the managed session policy."""
