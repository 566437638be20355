"""What may live here: one module for each subject that is measured, with the seeds and the other side of its rows."""
