# The tests against real programs. One automake test: pytest says more in one run than many small ones would.
TESTS += t/integration/run
INTEGRATION_FILES = t/integration/README.md t/integration/run t/integration/conftest.py \
	t/integration/harness/__init__.py t/integration/harness/build.py t/integration/harness/catalog.py \
	t/integration/harness/client.py t/integration/harness/config.py t/integration/harness/daemon.py t/integration/harness/git.py \
	t/integration/harness/git_site.py t/integration/harness/git_stack.py t/integration/harness/httpd.py \
	t/integration/harness/certificates.py t/integration/harness/keeping.py t/integration/harness/sshd.py \
	t/integration/harness/manager.py t/integration/harness/postgres.py t/integration/harness/process.py t/integration/harness/syncd.py \
	t/integration/harness/upstream.py t/integration/harness/waiting.py \
	t/integration/test_quick_catalog.py t/integration/test_reads.py t/integration/test_reads_errors.py \
	t/integration/test_reads_http.py t/integration/test_mounts.py t/integration/test_access.py t/integration/test_sources_file.py \
	t/integration/test_sources_api.py t/integration/test_sources_git.py t/integration/test_sources_git_faults.py t/integration/test_sources_url.py \
	t/integration/test_sources_git_lies.py t/integration/test_sources_git_ssh.py t/integration/test_sources_git_tls.py t/integration/test_sources_documents.py \
	t/integration/test_sources_not_a_file.py t/integration/test_sources_lost.py t/integration/test_sources_silent.py \
	t/integration/test_sources_changes.py t/integration/test_sources_filters.py t/integration/test_sources_kinds.py \
	t/integration/test_mpms.py t/integration/test_operations.py t/integration/test_migrations.py \
	t/integration/test_conf.py t/integration/test_debian.py t/integration/test_logs.py \
	t/integration/test_status.py t/integration/test_describe.py t/integration/test_validate.py \
	t/integration/test_coordinator.py t/integration/test_commands.py t/integration/test_reconcile.py \
	t/integration/test_sources_claims.py t/integration/test_asked_for.py t/integration/test_git_process.py t/integration/test_sources_secrets.py
EXTRA_DIST += $(INTEGRATION_FILES)
