# The tests; each folder brings its fragment.
include $(srcdir)/t/unit/unit.mk
include $(srcdir)/t/fuzz/fuzz.mk
include $(srcdir)/t/docs/docs.mk
include $(srcdir)/t/integration/integration.mk
include $(srcdir)/t/fault/fault.mk
include $(srcdir)/t/compat/compat.mk
include $(srcdir)/t/bench/bench.mk
include $(srcdir)/t/sanitize/sanitize.mk
include $(srcdir)/t/lint.mk
