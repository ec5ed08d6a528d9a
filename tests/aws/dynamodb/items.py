"""Keys and items of the table `notes`, and policies on it."""

from __future__ import annotations

from typing import Any

NOTES = "arn:aws:dynamodb:us-east-1:000000000000:table/notes"
ANN = "arn:aws:iam::000000000000:user/ann"


def key(owner: str, note: str = "1") -> dict[str, Any]:
    """Return the key of a note."""
    return {"owner": {"S": owner}, "note": {"S": note}}


def item(owner: str, note: str = "1", **more: str) -> dict[str, Any]:
    """Return a note with further attributes of text."""
    return key(owner, note) | {name: {"S": text} for name, text in more.items()}


def own_items(*actions: str, **conditions: Any) -> dict[str, Any]:
    """Return a statement that allows actions on items whose partition key is `ann`, under further conditions."""
    leading = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"]}}
    return {"Action": list(actions), "Resource": [NOTES, f"{NOTES}/index/*"], "Condition": leading | conditions}


def refusal(action: str, resource: str = NOTES) -> str:
    """Return AWS's sentence for what no policy of Ann's allows."""
    return (
        f"User: {ANN} is not authorized to perform: dynamodb:{action} on resource: {resource} "
        f"because no identity-based policy allows the dynamodb:{action} action"
    )
