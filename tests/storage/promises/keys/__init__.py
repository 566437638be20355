"""Tests of the keys with which mines sign what they promise."""
