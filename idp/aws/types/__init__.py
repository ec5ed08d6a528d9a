"""Generated request and answer types; see `idp.aws.types_generator`."""
