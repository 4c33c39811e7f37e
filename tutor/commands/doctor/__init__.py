"""`tutor doctor`: what this machine can do and reach, what is broken, and what mends it. `command` is the command, `examine` the examination."""
