SQL_MODULE += \
	sql/module/registry_kind.sql \
	sql/module/schema_version.sql \
	sql/module/server_filtered.sql \
	sql/module/server_list.sql \
	sql/module/server_list_latest.sql \
	sql/module/server_search.sql \
	sql/module/server_version.sql \
	sql/module/server_version_any.sql \
	sql/module/server_versions.sql

# What several statements have in common; brought in by `-- include: part`.
SQL_MODULE_PARTS = \
	sql/module/parts/filtered_row.sql \
	sql/module/parts/in_page_order.sql \
	sql/module/parts/one_version.sql \
	sql/module/parts/plain_row.sql \
	sql/module/parts/scope.sql
