"""The reference client of reporters (`pithead report`): it makes the keys, and sends what the server cannot read."""
