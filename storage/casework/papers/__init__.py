"""Papers of enforcement (执法文书): forms as data, numbers, rendered PDFs, signatures and refusals to sign."""
