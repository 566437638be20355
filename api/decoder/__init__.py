"""The child process that decodes hostile media within limits, and the hand that starts and ends it; no network."""
