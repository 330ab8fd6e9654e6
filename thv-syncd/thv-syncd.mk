# The daemon's sources are added here.
