# Recorded scenarios, where they are.
TESTS += t/compat/run
EXTRA_DIST += t/compat/README.md t/compat/run t/compat/scenarios.yaml
