"""Cases (案件): the steps from the proposal to the archive, what is missing, and the clocks that run."""
