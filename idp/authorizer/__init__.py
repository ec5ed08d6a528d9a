"""Check who may call an application: tokens, AWS signatures, policies. Stands alone, in front of any application.

```python
from flask import Flask, request
from idp.authorizer import JwksCache, RequireToken, TokenVerifier

verifier = TokenVerifier(JwksCache(), issuers={ISSUER}, token_use="access", audiences={CLIENT_ID})
app = Flask(__name__)
app.wsgi_app = RequireToken(app.wsgi_app, verifier, scopes={"pets/read"})

@app.get("/")
def hello():
    return f"Hello, {request.environ['idp.claims']['username']}!"
```
"""

from idp.authorizer.answer_cache import AnswerCache, AnswerKey, IdentitySourceMissing, answer_key
from idp.authorizer.asgi import RequireTokenAsgi
from idp.authorizer.jwks import JwksCache, JwksUnavailable, fetch_over_http, parse_jwks
from idp.authorizer.jwt import KeySource, SignedClaims, TokenRefused, TokenVerifier, granted_scopes, verify_token
from idp.authorizer.lambda_authorizer import (
    AuthorizerAnswer,
    AuthorizerMisconfigured,
    SimpleAnswer,
    parse_answer,
    parse_simple_answer,
)
from idp.authorizer.policy import AccessRequest, Evaluation, MalformedPolicy, PolicyDocument, evaluate, parse_policy
from idp.authorizer.sigv4 import (
    Signature,
    SignatureRefused,
    SigningKeyCache,
    WireRequest,
    check_scope,
    check_signature,
    parse_signature,
    verify_signature,
)
from idp.authorizer.wsgi import RequireSignature, RequireToken

__all__ = [
    "AccessRequest",
    "AnswerCache",
    "AnswerKey",
    "AuthorizerAnswer",
    "AuthorizerMisconfigured",
    "Evaluation",
    "IdentitySourceMissing",
    "JwksCache",
    "JwksUnavailable",
    "KeySource",
    "MalformedPolicy",
    "PolicyDocument",
    "RequireSignature",
    "RequireToken",
    "RequireTokenAsgi",
    "Signature",
    "SignatureRefused",
    "SignedClaims",
    "SigningKeyCache",
    "SimpleAnswer",
    "TokenRefused",
    "TokenVerifier",
    "WireRequest",
    "answer_key",
    "check_scope",
    "check_signature",
    "evaluate",
    "fetch_over_http",
    "granted_scopes",
    "parse_answer",
    "parse_jwks",
    "parse_policy",
    "parse_signature",
    "parse_simple_answer",
    "verify_signature",
    "verify_token",
]
