"""What `idp dev` prints when it is up: where everything is, and a snippet that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.seed import Seeded
    from idp.settings import Settings


def dev_banner(settings: Settings, seeded: Seeded | None) -> str:
    """Return the text, ready to print."""
    base = settings.base_url
    lines = [
        "",
        f"idp dev is up on {base}  (data in {settings.data}, stop with Ctrl-C)",
        "",
        f"  AWS endpoint    {base}   any credentials; AWS_ENDPOINT_URL={base}",
        f"  outbox          {base}/_dev/outbox   or: idp outbox",
        f"  clock, reset    {base}/_dev/clock   POST {base}/_dev/reset",
    ]
    if seeded is not None:
        lines += _places(base, settings, seeded)
        lines += _snippet(base, seeded)
    return "\n".join([*lines, "", ""])


def _places(base: str, settings: Settings, seeded: Seeded) -> list[str]:
    lines = []
    for pool in seeded.user_pools:
        lines += ["", f"  user pool       {pool.id}   issuer {settings.issuer(pool.id)}"]
        lines += [f"    client        {client.id}   {client.name}" for client in pool.clients]
        lines += [f"    user          {user.username}   password {user.password}" for user in pool.users]
        lines += [f"    sign-in page  {page}" for page in pool.login_pages]
    lines += [f"  identity pool   {pool_id}" for pool_id in seeded.identity_pools]
    lines += [f"  API             {base}/_api/{api.id}/{api.stage}/" for api in seeded.apis]
    return lines


def _snippet(base: str, seeded: Seeded) -> list[str]:
    for pool in seeded.user_pools:
        for client in pool.clients:
            if pool.users and client.takes_passwords:
                user = pool.users[0]
                return [
                    "",
                    "Try it (pip install boto3):",
                    "",
                    "    import boto3",
                    f'    idp = boto3.client("cognito-idp", endpoint_url="{base}", region_name="{pool.region}",',
                    '                       aws_access_key_id="any", aws_secret_access_key="any")',
                    f'    print(idp.initiate_auth(ClientId="{client.id}", AuthFlow="USER_PASSWORD_AUTH",',
                    f'          AuthParameters={{"USERNAME": "{user.username}", "PASSWORD": "{user.password}"}}))',
                ]
    return []
