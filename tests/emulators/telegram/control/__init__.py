"""What tests tell the emulator, over HTTP."""
