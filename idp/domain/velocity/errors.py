"""What can be wrong with a template, or with one rendering of it."""

from __future__ import annotations


class MalformedTemplate(ValueError):
    """A text is no template; the message says where."""


class TemplateFailed(Exception):
    """A template asked for what cannot be given: too much output, an unknown method, a number divided by zero."""
