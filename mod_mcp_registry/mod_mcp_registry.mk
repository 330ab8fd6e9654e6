# The module's sources are added here.
