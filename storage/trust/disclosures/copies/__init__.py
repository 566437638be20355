"""How copies are made: by closed lists, out of rows of the record, into canonical JSON; pure."""
