/* Names of indexes, and what stands behind them. */
#include "slipway/wizard/find_index.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/index/known.h"
#include "slipway/project/config.h"

/* Another simple API, judged and completed as any URL is. */
static enum err_code
use_simple(struct index_info *i, const char *simple, struct err *e)
{
	struct index_info at = INDEX_INFO_EMPTY;
	enum err_code rc = index_info_from_url(i->upload_url, simple, &at, e);

	if (rc == ERR_OK)
		mem_set(&i->simple_url, at.simple_url);
	index_info_fini(&at);
	return rc;
}

/* What the file says of the index, laid over what is built in. */
static enum err_code
merge(const struct config_index *c, bool known, struct index_info *out, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!known && c->upload == NULL) {
		err_set(e, ERR_CONFIG, "the index %s has no upload URL", c->name);
		return err_hint(e, "add upload = \"https://.../legacy/\" to [index.%s]", c->name);
	}
	if (c->upload != NULL) {
		struct index_info fresh = INDEX_INFO_EMPTY;

		rc = index_info_from_url(c->upload, c->simple, &fresh, e);
		if (rc != ERR_OK)
			return err_wrap(e, "[index.%s]", c->name);
		fresh.is_production = out->is_production;
		fresh.is_test = out->is_test;
		/* A known name at another address is not the known index: its title says where it
		 * is. */
		index_info_prefer_env(&fresh, &out->token_env);
		free(fresh.title);
		fresh.title = known ? mem_printf("%s at %s", out->title, fresh.name)
				    : mem_strdup(c->name);
		index_info_fini(out);
		*out = fresh;
		mem_set(&out->name, c->name);
	} else if (c->simple != NULL) {
		rc = use_simple(out, c->simple, e);
		if (rc != ERR_OK)
			return err_wrap(e, "[index.%s]", c->name);
	}
	if (c->token_env.is_set)
		index_info_prefer_env(out, &c->token_env.items);
	return rc;
}

enum err_code
find_index(const struct config *c, const char *name, struct index_info *out, struct err *e)
{
	const struct config_index *table = c != NULL ? config_find_index(c, name) : NULL;
	struct index_info info = INDEX_INFO_EMPTY;
	bool known = index_known(name, &info);
	enum err_code rc = ERR_OK;

	if (!known && table == NULL) {
		err_set(e, ERR_CONFIG, "no index is called \"%s\"", name);
		return err_hint(e,
		    "pypi and testpypi are built in; others need a table [index.%s] in "
		    "slipway.toml",
		    name);
	}
	if (table != NULL)
		rc = merge(table, known, &info, e);
	if (rc == ERR_OK)
		*out = info;
	else
		index_info_fini(&info);
	return rc;
}

enum err_code
find_index_or_url(const struct config *c, const char *text, const char *simple,
    struct index_info *out, struct err *e)
{
	enum err_code rc;

	if (strstr(text, "://") != NULL)
		return index_info_from_url(text, simple, out, e);
	rc = find_index(c, text, out, e);
	if (rc == ERR_OK && simple != NULL)
		rc = use_simple(out, simple, e);
	if (rc != ERR_OK)
		index_info_fini(out);
	return rc;
}
