"""What can be wrong with a policy document, or with one comparison of it."""

from __future__ import annotations

SYNTAX_ERROR = "Syntax errors in policy."


class MalformedPolicy(ValueError):
    """Say why a document is no policy; `message` is IAM's sentence wherever IAM's is known."""

    def __init__(self, message: str = SYNTAX_ERROR) -> None:
        super().__init__(message)
        self.message = message


class Indeterminate(Exception):
    """Say why a condition can be neither true nor false for this request.

    Evaluation settles it on the safe side: the condition holds in a Deny and fails in an Allow.
    """
