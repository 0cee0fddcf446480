"""How right abscope is on this machine, as a pack that a laboratory can file."""
