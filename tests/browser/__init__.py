"""Tests that drive a real browser: headless Chromium with a fake camera, as a phone."""
