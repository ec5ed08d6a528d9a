"""The user pools' API: operations by capability, each from the wire to a flow and back."""
