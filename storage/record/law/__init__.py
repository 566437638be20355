"""Every number of the law: article, value, in force from and to."""
