"""The reporters' sub-application: routes without accounts, addresses, traces or lines of log."""
