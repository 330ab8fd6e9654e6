-- From here on this connection hears of every change.
LISTEN mcpr_generation
