"""What is here, for whoever comes by: the operations, and the kinds of problems."""

from __future__ import annotations

from idp.admin import PREFIX, problems
from idp.admin.call import Call
from idp.admin.records import Answer


class Index(Answer):
    """The doors of this API."""

    title: str
    document: str
    problems: str
    resources: dict[str, str]


class ProblemKind(Answer):
    """A kind of problem."""

    type: str
    title: str
    status: int


class ProblemKinds(Answer):
    """Every kind of problem that this API answers with."""

    items: list[ProblemKind]


def get_index(_: Call) -> Index:
    """Say what is here."""
    return Index(
        title="idp, the operators' API",
        document=f"{PREFIX}/openapi.json",
        problems=problems.PATH,
        resources={
            "userPools": f"{PREFIX}/user-pools{{?limit,cursor}}",
            "userPool": f"{PREFIX}/user-pools/{{userPoolId}}",
            "clients": f"{PREFIX}/user-pools/{{userPoolId}}/clients{{?limit,cursor}}",
            "client": f"{PREFIX}/user-pools/{{userPoolId}}/clients/{{clientId}}",
            "users": f"{PREFIX}/user-pools/{{userPoolId}}/users{{?limit,cursor,filter}}",
            "user": f"{PREFIX}/user-pools/{{userPoolId}}/users/{{username}}",
            "outbox": f"{PREFIX}/outbox{{?to,limit}}",
        },
    )


def list_problems(_: Call) -> ProblemKinds:
    """List the kinds of problems, by name."""
    return ProblemKinds(
        items=[ProblemKind(type=kind.type, title=kind.title, status=kind.status) for kind in problems.all_kinds()]
    )
