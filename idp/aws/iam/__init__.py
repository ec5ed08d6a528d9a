"""Operations of IAM: roles, users, access keys and their inline policies."""
