"""Deployment packages for the tests, and a short way to make a function of one."""

from __future__ import annotations

import json
from typing import Any

from tests.backends.functions import packed

ROLE = "arn:aws:iam::000000000000:role/runner"
GREETER = """
def handler(event, context):
    return {"hello": event.get("name"), "arn": context.invoked_function_arn}
"""


def package(source: str = GREETER) -> bytes:
    """Return a deployment package whose module `app` has the given source."""
    return packed({"app.py": source})


def created(client: Any, source: str = GREETER, **different: Any) -> Any:
    """Create a function called `greeter` and return the answer."""
    usual = {
        "FunctionName": "greeter",
        "Runtime": "python3.11",
        "Handler": "app.handler",
        "Role": ROLE,
        "Code": {"ZipFile": package(source)},
    }
    return client.create_function(**(usual | different))


def answered(client: Any, event: Any, name: str = "greeter") -> Any:
    """Invoke a function and return what it answered, parsed."""
    return json.loads(client.invoke(FunctionName=name, Payload=json.dumps(event))["Payload"].read())
