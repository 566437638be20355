"""Persons of mines with their posts, qualifications, workplaces and shifts; nobody needs an account to be here."""
