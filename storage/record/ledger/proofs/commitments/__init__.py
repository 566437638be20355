"""What anyone needs to check a safety commitment (安全生产承诺书) offline: form, signatures, bundle."""
