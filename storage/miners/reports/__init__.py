"""Protected reports: filings that wait for their hour, threads that only their recipients read, keys, steps, clocks."""
