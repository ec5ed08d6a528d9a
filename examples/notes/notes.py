"""A Lambda function that keeps notes in DynamoDB, one partition for each caller."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    """Answer GET with the caller's notes, and POST by keeping one more."""
    owner = who_calls(event["requestContext"])
    if event["httpMethod"] == "POST":
        note = json.loads(event["body"])["note"]
        table.put_item(Item={"owner": owner, "note": note})
        return answer(201, {"owner": owner, "note": note})
    found = table.query(
        KeyConditionExpression="#o = :owner",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":owner": owner},
    )
    return answer(200, {"owner": owner, "notes": [item["note"] for item in found["Items"]]})


def who_calls(request):
    """Return the caller's id, whichever authorizer let them in."""
    authorizer = request.get("authorizer") or {}
    claims = authorizer.get("claims") or {}
    return claims.get("sub") or authorizer.get("principalId") or request["identity"]["cognitoIdentityId"]


def answer(status, body):
    """Return a Lambda proxy answer."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
