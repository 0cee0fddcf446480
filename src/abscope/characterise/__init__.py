"""What isolates are: `one` types an isolate by its own data, `many` does all and holds them together."""
