"""What can be wrong in the trainers' files, one kind of mistake per module, each with file and line."""
