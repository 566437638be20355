"""Changes of the law without a release: drafted by the legal office, approved by a second person, held from a day."""
