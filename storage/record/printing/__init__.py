"""What may live here: how pages are set and stamped, whoever's they are: fonts, typesetter, PAdES; no form, no case."""
