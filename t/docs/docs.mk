# Guards: pages that must say what the code says. They need Python alone; check_manpage runs the daemon that was built.
doc_guards = t/docs/check_configuration t/docs/check_directives t/docs/check_manpage t/docs/check_routes
TESTS += $(doc_guards)
EXTRA_DIST += t/docs/README.md t/docs/guard.py $(doc_guards)
