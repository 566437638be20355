"""Tests of the embedded servers: real ones, each in a folder of its own."""
