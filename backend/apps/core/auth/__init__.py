"""Coming in and going out: log-in, refresh, sessions, passwords, and the brakes against guessing."""
