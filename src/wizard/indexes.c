/* Which index plays which role. */
#include "indexes.h"

#include <stdlib.h>

#include "rehearsal.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/project/version.h"

enum err_code
indexes_resolve(struct wizard *w, enum index_role role, const char *name, struct err *e)
{
	struct release_index *model = &w->rel.index[role];
	struct index_info info = INDEX_INFO_EMPTY;
	bool none = false, own;
	enum err_code rc;

	if (name == NULL)
		name = settings_index_name(w, role);
	own = role == INDEX_TEST && rehearsal_is_meant(w, name);
	rc = own ? rehearsal_start(w, &info, e) : settings_index(w, role, name, &info, &none, e);
	if (rc != ERR_OK)
		return rc;
	index_info_fini(&w->index_info[role]);
	w->index_info[role] = info;
	mem_set(&model->name, none ? NULL : info.name);
	mem_set(&model->title, none ? NULL : info.title);
	mem_set(&model->upload_url, none ? NULL : info.upload_url);
	mem_set(&model->simple_url, none ? NULL : info.simple_url);
	if (own)
		mem_set(&model->token_source, "its own");
	return ERR_OK;
}

void
indexes_remember(
    struct wizard *w, enum index_role role, size_t package, const struct strlist *versions)
{
	if (w->known_versions[role] == NULL) {
		w->known_count = w->rel.package_count;
		w->known_versions[role] = mem_zalloc(w->known_count, sizeof *versions);
	}
	if (package >= w->known_count)
		return;
	strlist_fini(&w->known_versions[role][package]);
	strlist_copy(&w->known_versions[role][package], versions);
}

bool
indexes_has_version(
    const struct wizard *w, enum index_role role, size_t package, const char *version)
{
	struct version wanted = VERSION_EMPTY;
	bool found = false;

	if (w->known_versions[role] == NULL || package >= w->known_count ||
	    version_parse(version, &wanted, NULL) != ERR_OK)
		return false;
	for (size_t i = 0; i < w->known_versions[role][package].count && !found; i++) {
		struct version v = VERSION_EMPTY;

		if (version_parse(w->known_versions[role][package].items[i], &v, NULL) == ERR_OK)
			found = version_compare(&v, &wanted) == 0;
		version_fini(&v);
	}
	version_fini(&wanted);
	return found;
}

void
indexes_free(struct wizard *w)
{
	for (size_t role = 0; role < INDEX_ROLE_COUNT; role++) {
		for (size_t i = 0; i < w->known_count && w->known_versions[role] != NULL; i++)
			strlist_fini(&w->known_versions[role][i]);
		free(w->known_versions[role]);
		w->known_versions[role] = NULL;
		index_info_fini(&w->index_info[role]);
	}
	w->known_count = 0;
}
