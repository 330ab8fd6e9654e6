-- The role toolhive_registry_server stays: roles belong to the cluster, and other databases may use it. So does
-- the extension pg_trgm, which may have been there before.
DROP TABLE sync_run, source_sync, entry_version, entry, registry_source, registry, source, claim_set, generation;
DROP TYPE run_outcome, sync_phase, creation_type, version_status, entry_kind;
