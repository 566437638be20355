"""What `pithead doctor` looks at, and how it says what it found; nothing here changes anything."""
