"""Test vectors of the protocol, and the script that makes them."""
