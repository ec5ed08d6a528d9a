"""AWS's policy language on its own: parse a document once, then ask it about requests.

```python
policy = parse_policy('{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}')
evaluate([policy], AccessRequest("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", context={})).effect  # "allow"
```

What the answers of several kinds of policies mean together (boundaries, session policies) is not decided here.
"""

from idp.authorizer.policy.document import PolicyDocument, PolicyKind, Statement
from idp.authorizer.policy.errors import MalformedPolicy
from idp.authorizer.policy.evaluation import Effect, Evaluation, StatementReference, evaluate
from idp.authorizer.policy.explanation import StatementTrace
from idp.authorizer.policy.parsing import MAX_CHARACTERS, parse_policy
from idp.authorizer.policy.principals import EVERYONE, federated_principal, service_principal
from idp.authorizer.policy.request import AccessRequest, ContextValue

__all__ = [
    "EVERYONE",
    "MAX_CHARACTERS",
    "AccessRequest",
    "ContextValue",
    "Effect",
    "Evaluation",
    "MalformedPolicy",
    "PolicyDocument",
    "PolicyKind",
    "Statement",
    "StatementReference",
    "StatementTrace",
    "evaluate",
    "federated_principal",
    "parse_policy",
    "service_principal",
]
