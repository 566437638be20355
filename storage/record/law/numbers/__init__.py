"""The numbers and closed lists of the law, one module for each part of the work; each number with its article."""
