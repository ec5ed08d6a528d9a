"""Mock AWS behind the gateway: the Lambda runtime and DynamoDB."""
