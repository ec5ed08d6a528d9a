"""A Lambda authorizer (TOKEN): lets in who knows the word, and denies everybody else by policy."""

import os


def handler(event, context):
    """Return the policy for the bearer of `event["authorizationToken"]`."""
    knows = event["authorizationToken"] == f"Bearer {os.environ['WORD']}"
    statement = {
        "Effect": "Allow" if knows else "Deny",
        "Action": "execute-api:Invoke",
        "Resource": event["methodArn"],
    }
    return {
        "principalId": "friend" if knows else "stranger",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
