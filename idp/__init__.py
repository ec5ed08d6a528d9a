"""A self-hosted identity provider that speaks Amazon Cognito's APIs."""

__version__ = "0.1.0"
