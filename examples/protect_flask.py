"""Somebody's Flask app, protected by the tokens of a user pool; only `idp.authorizer` is used.

    python examples/protect_flask.py ISSUER CLIENT_ID [--scope SCOPE] [--port PORT]

ISSUER and CLIENT_ID may also come from the environment, as IDP_ISSUER and IDP_CLIENT_ID. The issuer is the `iss` of the
pool's tokens; its keys are fetched from `{issuer}/.well-known/jwks.json` when the first token comes.
"""

import argparse
import os

from flask import Flask, request

from idp.authorizer import JwksCache, RequireToken, TokenVerifier


def pet_shop() -> Flask:
    """Build an app that knows nothing of tokens but what it finds in the environ."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> dict[str, object]:
        claims = request.environ["idp.claims"]
        return {"hello": claims.get("username", claims["sub"]), "groups": claims.get("cognito:groups", [])}

    return app


def protected(app: Flask, *, issuer: str, client_id: str, scopes: set[str]) -> Flask:
    """Demand an access token of one client for every request."""
    verifier = TokenVerifier(JwksCache(), issuers={issuer}, token_use="access", audiences={client_id})
    app.wsgi_app = RequireToken(app.wsgi_app, verifier, scopes=scopes)  # type: ignore[method-assign]
    return app


def main() -> None:
    """Read the arguments, say how to call the app, and serve it on loopback."""
    parser = argparse.ArgumentParser(description="A Flask app behind the tokens of a user pool.")
    parser.add_argument("issuer", nargs="?", default=os.environ.get("IDP_ISSUER"), help="the `iss` of the tokens")
    parser.add_argument("client_id", nargs="?", default=os.environ.get("IDP_CLIENT_ID"), help="of the app client")
    parser.add_argument("--scope", action="append", default=[], help="demand one of these scopes")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    if not arguments.issuer or not arguments.client_id:
        parser.error("give ISSUER and CLIENT_ID, or set IDP_ISSUER and IDP_CLIENT_ID")
    print(f"""Sign in for an access token, then call the app:

  TOKEN=$(aws cognito-idp initiate-auth --auth-flow USER_PASSWORD_AUTH --client-id {arguments.client_id} \\
    --auth-parameters USERNAME=...,PASSWORD=... --query AuthenticationResult.AccessToken --output text)
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:{arguments.port}/   # 200, who you are
  curl -i http://127.0.0.1:{arguments.port}/                                  # 401, WWW-Authenticate: Bearer
""")
    app = protected(pet_shop(), issuer=arguments.issuer, client_id=arguments.client_id, scopes=set(arguments.scope))
    app.run(host="127.0.0.1", port=arguments.port)


if __name__ == "__main__":
    main()
