"""Stories shared by all faces: each decides through `Services` and touches the world only through it."""
