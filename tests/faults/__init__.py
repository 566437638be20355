"""Tests that break things: killed processes, intruders, full disks. Bounded in time; run by make test-all."""
