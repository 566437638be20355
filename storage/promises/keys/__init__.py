"""Keys with which mines sign what they promise: whose they are, who checked that in person, and what was agreed."""
