# make lint and make format-check: what CI asks of the sources, beside the compiler.
CLANG_TIDY = clang-tidy
CLANG_FORMAT = clang-format
SHELLCHECK = shellcheck

c_folders = common mod_mcp_registry thv-syncd sql t
# Flags by hand: a compilation database would need another tool.
lint_cppflags = -std=c11 -DHAVE_CONFIG_H -D_GNU_SOURCE -I. -I$(srcdir) $(HTTPD_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) \
	$(JANSSON_CFLAGS) $(YAML_CFLAGS) $(ICU_CFLAGS) $(CRYPTO_CFLAGS) $(XXHASH_CFLAGS) $(LIBPQ_CFLAGS) $(SYSTEMD_CFLAGS) \
	$(CHECK_CFLAGS) -DMCPR_TEST_SRCDIR='"$(abs_top_srcdir)"'

# All sources are tried even if one fails; generated headers must be there first. Tests are compiled with warnings
# as errors and run under sanitizers, so clang-tidy looks at the programs alone.
lint: $(BUILT_SOURCES) lint-scripts lint-sizes
	@cd $(srcdir) && find $(c_folders) -name '*.c' -not -path 't/*' | sort > $(abs_builddir)/lint.files
	@xargs -a lint.files -P 2 -n 6 sh -c \
		'cd $(abs_top_srcdir) && $(CLANG_TIDY) --quiet "$$@" -- -I$(abs_builddir) $(lint_cppflags)' lint 2> lint.err; \
	rc=$$?; grep -v 'warnings generated' lint.err; rm -f lint.files lint.err; exit $$rc

lint-scripts:
	@if $(SHELLCHECK) --version > /dev/null 2>&1; then \
		cd $(srcdir) && $(SHELLCHECK) -x quickstart .ci/run autogen.sh t/integration/run t/fuzz/run \
			t/sanitize/run t/sanitize/valgrind; \
	else echo "no shellcheck: scripts are not looked at"; fi

# Long files have more than one reason to change.
lint-sizes:
	@cd $(srcdir) && find $(c_folders) conf docs tools quickstart -type f | xargs wc -l | \
		awk '$$2 != "total" && $$1 > 600 { print $$2 ": " $$1 " lines, 600 are the limit"; bad = 1 } END { exit bad }'

format-check:
	@cd $(srcdir) && find $(c_folders) -name '*.[ch]' | sort | xargs $(CLANG_FORMAT) --dry-run -Werror

.PHONY: lint lint-scripts lint-sizes format-check
