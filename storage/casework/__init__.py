"""The procedure, from the inspection scheme to the archived case; each area holds steps and what follows from them."""
