# Manual pages and documents.
dist_man_MANS += docs/thv-syncd.8
dist_doc_DATA += docs/architecture.md docs/configuration.md docs/dependencies.md docs/directives.md docs/install.md \
	docs/operations.md docs/registry-api.md docs/sources.md docs/sync.md
EXTRA_DIST += docs/README.md
