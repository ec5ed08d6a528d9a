"""Which operations of DynamoDB are passed on, and which member of each names what IAM decides on.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
"""

from __future__ import annotations

from collections.abc import Mapping

ITEMS = frozenset(
    {
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "Scan",
        "BatchGetItem",
        "BatchWriteItem",
        "TransactGetItems",
        "TransactWriteItems",
    }
)
"""Operations on items, which conditions on keys and attributes concern."""

STATEMENTS = frozenset({"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})
"""PartiQL: what a statement touches is not read here, so only an account's root may run one."""

TABLES = frozenset(
    {
        "CreateTable",
        "DescribeTable",
        "UpdateTable",
        "DeleteTable",
        "UpdateTimeToLive",
        "DescribeTimeToLive",
        "DescribeContinuousBackups",
        "UpdateContinuousBackups",
        "CreateBackup",
    }
)
"""Operations on the table that TableName names."""

BY_ARN: Mapping[str, str] = {
    "TagResource": "ResourceArn",
    "UntagResource": "ResourceArn",
    "ListTagsOfResource": "ResourceArn",
    "DescribeBackup": "BackupArn",
    "DeleteBackup": "BackupArn",
    "DescribeStream": "StreamArn",
    "GetShardIterator": "StreamArn",
    "GetRecords": "ShardIterator",
}
"""Operations on what an ARN names: operation -> member.  A shard iterator begins with its stream's ARN and a bar."""

UNBOUND = frozenset({"ListTables", "DescribeLimits", "DescribeEndpoints", "ListBackups", "ListStreams"})
"""Operations on no resource: IAM decides on `*`."""

SERVED = ITEMS | STATEMENTS | TABLES | BY_ARN.keys() | UNBOUND
