/* Where a token comes from, and fetching it from there. Knows names and places; what a token says
 * is glance.c's. */
#include "slipway/index/token.h"

#include <stdlib.h>
#include <string.h>

#include "pypirc.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"
#include "slipway/os/secret.h"

#define KEYRING_MS 20000

void
token_source_fini(struct token_source *s)
{
	free(s->name);
	free(s->path);
	free(s->user);
	free(s->text);
	*s = (struct token_source)TOKEN_SOURCE_EMPTY;
}

void
token_source_copy(struct token_source *to, const struct token_source *from)
{
	*to = (struct token_source) {
		.kind = from->kind,
		.name = mem_strdup(from->name),
		.path = mem_strdup(from->path),
		.user = mem_strdup(from->user),
		.text = mem_strdup(from->text),
		.is_shared = from->is_shared,
	};
}

static void
set_source(struct token_source *s, enum token_kind kind, const char *name, const char *path)
{
	s->kind = kind;
	s->name = mem_strdup(name);
	s->path = mem_strdup(path);
	s->user = mem_strdup("__token__");
	s->is_shared = path != NULL && fs_is_shared(path);
}

/* The name at place I of both lists, or NULL. */
static const char *
name_at(const struct token_opts *o, size_t i)
{
	size_t own = o->package_env != NULL ? o->package_env->count : 0;

	if (i < own)
		return o->package_env->items[i];
	return i - own < o->index->token_env.count ? o->index->token_env.items[i - own] : NULL;
}

static bool
find_env(const struct token_opts *o, struct token_source *out)
{
	const char *name;

	for (size_t i = 0; (name = name_at(o, i)) != NULL; i++) {
		if (env_get(name) != NULL) {
			set_source(out, TOKEN_ENV, name, NULL);
			out->text = mem_strdup(name);
			return true;
		}
	}
	return false;
}

static enum err_code
find_dotenv(const struct token_opts *o, struct token_source *out, struct err *e)
{
	struct secret_file f;
	const char *name;
	char *path;
	enum err_code rc;

	if (o->root == NULL)
		return ERR_OK;
	path = fs_join(o->root, ".env");
	rc = secret_file_read(path, &f, e);
	for (size_t i = 0;
	     rc == ERR_OK && out->kind == TOKEN_NONE && (name = name_at(o, i)) != NULL; i++) {
		if (dotenv_value(&f, name).len > 0) {
			set_source(out, TOKEN_DOTENV, name, path);
			out->text = mem_printf("%s, from .env", name);
		}
	}
	secret_file_free(&f);
	free(path);
	if (rc == ERR_NOT_FOUND && e != NULL)
		err_clear(e);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static char *
text_of(struct bytes b)
{
	struct str out = STR_EMPTY;

	sanitise(b.data, b.len, &out);
	return str_take(&out);
}

static enum err_code
find_pypirc(const struct token_opts *o, struct token_source *out, struct err *e)
{
	struct secret_file f;
	struct pypirc_entry entry;
	char *home = env_home(), *path, *section;
	enum err_code rc;

	path = o->pypirc != NULL ? mem_strdup(o->pypirc) : fs_join(home, ".pypirc");
	rc = secret_file_read(path, &f, e);
	if (rc == ERR_OK)
		rc = pypirc_find(&f, path, o->index, &entry, e);
	if (rc == ERR_OK && entry.section.len > 0) {
		section = mem_strndup(entry.section.data, entry.section.len);
		set_source(out, TOKEN_PYPIRC, section, path);
		free(section);
		section = text_of(entry.section);
		out->text = o->pypirc != NULL ? mem_printf("[%s] in %s", section, path)
					      : mem_printf("[%s] in ~/.pypirc", section);
		if (entry.user.len > 0) {
			free(out->user);
			out->user = mem_strndup(entry.user.data, entry.user.len);
		}
		free(section);
	}
	secret_file_free(&f);
	free(path);
	free(home);
	if (rc == ERR_NOT_FOUND && e != NULL)
		err_clear(e);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* One search or one load under way. */
struct token_job {
	token_find_fn on_find;
	token_load_fn on_load;
	void *arg;
	struct token_source source;
	struct secret *token;
	bool is_too_long;
	struct err failure;
};

static void
job_end(void *arg)
{
	struct token_job *j = arg;
	const struct err *failure = j->failure.code != ERR_OK ? &j->failure : NULL;

	if (j->on_find != NULL) {
		j->on_find(j->arg, &j->source, failure);
		secret_free(j->token);
	} else if (failure != NULL) {
		secret_free(j->token);
		j->on_load(j->arg, NULL, failure);
	} else {
		j->on_load(j->arg, j->token, NULL);
	}
	token_source_fini(&j->source);
	free(j);
}

static void
set_keyring(struct token_source *out)
{
	set_source(out, TOKEN_KEYRING, "keyring", NULL);
	out->text = mem_strdup("keyring");
}

static void
on_keyring_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct token_job *j = arg;

	if (stream == PROCESS_STDOUT && !secret_append(j->token, data, len))
		j->is_too_long = true;
}

static void
on_keyring_end(void *arg, const struct process_end *end)
{
	struct token_job *j = arg;
	bool ok;

	secret_trim(j->token);
	ok = process_end_ok(end) && secret_len(j->token) > 0 && !j->is_too_long;
	if (j->on_find == NULL && !ok) {
		err_set(&j->failure, ERR_NOT_FOUND, "keyring gave no token");
	} else if (j->on_find != NULL && ok) {
		set_keyring(&j->source);
	}
	if (j->source.text == NULL)
		j->source.text = mem_strdup("");
	job_end(j);
}

/* Asks the keyring command; false when there is none. */
static bool
start_keyring(struct loop *l, struct token_job *j, const struct index_info *index)
{
	struct strlist found = STRLIST_EMPTY, env = STRLIST_EMPTY;
	struct process *p;
	struct process_opts opts = {
		.mode = PROCESS_PIPES,
		.timeout_ms = KEYRING_MS,
		.on_output = on_keyring_output,
		.on_end = on_keyring_end,
		.arg = j,
	};
	bool ok = false;

	env_which_all("keyring", &found);
	if (found.count > 0) {
		const char *const argv[] = { found.items[0], "get", index->upload_url, "__token__",
			NULL };

		env_child(NULL, &env);
		opts.argv = argv;
		opts.env = (const char *const *)env.items;
		j->token = secret_new();
		ok = process_start(l, &opts, &p, NULL) == ERR_OK;
	}
	strlist_fini(&env);
	strlist_fini(&found);
	return ok;
}

void
token_find(struct loop *l, const struct token_opts *opts, token_find_fn fn, void *arg)
{
	struct token_job *j = mem_zalloc(1, sizeof *j);

	j->on_find = fn;
	j->arg = arg;
	if (!find_env(opts, &j->source)) {
		find_dotenv(opts, &j->source, &j->failure);
		/* A .env that cannot be read is told, and the search goes on. */
		if (j->source.kind == TOKEN_NONE)
			find_pypirc(
			    opts, &j->source, j->failure.code == ERR_OK ? &j->failure : NULL);
	}
	if (j->source.kind == TOKEN_NONE && opts->keyring == TOKEN_KEYRING_HOLDS)
		set_keyring(&j->source);
	if (j->source.kind == TOKEN_NONE && opts->keyring == TOKEN_KEYRING_UNASKED &&
	    start_keyring(l, j, opts->index))
		return;
	if (j->source.text == NULL)
		j->source.text = mem_strdup("");
	loop_defer(l, job_end, j);
}

enum token_keyring
token_keyring_known(enum token_keyring was, const struct token_source *source)
{
	/* It is asked last: whoever found something before it knows no more than WAS. */
	if (source->kind == TOKEN_KEYRING)
		return TOKEN_KEYRING_HOLDS;
	return source->kind == TOKEN_NONE ? TOKEN_KEYRING_EMPTY : was;
}

static enum err_code
load_file(
    const struct token_source *s, const struct index_info *index, struct secret *out, struct err *e)
{
	struct secret_file f;
	struct pypirc_entry entry = { .password = { .data = "", .len = 0 } };
	enum err_code rc = secret_file_read(s->path, &f, e);

	if (rc == ERR_OK && s->kind == TOKEN_DOTENV)
		entry.password = dotenv_value(&f, s->name);
	else if (rc == ERR_OK)
		rc = pypirc_find(&f, s->path, index, &entry, e);
	if (rc == ERR_OK && !secret_append(out, entry.password.data, entry.password.len))
		rc = err_set(e, ERR_LIMIT, "the token in %s is too long to be one", s->path);
	secret_file_free(&f);
	return rc;
}

static enum err_code
load_now(
    const struct token_source *s, const struct index_info *index, struct secret *out, struct err *e)
{
	const char *value;
	enum err_code rc = ERR_OK;

	switch (s->kind) {
	case TOKEN_ENV:
		value = env_get(s->name);
		if (value != NULL && !secret_append(out, value, strlen(value)))
			rc = err_set(e, ERR_LIMIT, "%s is too long to be a token", s->name);
		break;
	case TOKEN_DOTENV:
	case TOKEN_PYPIRC:
		rc = load_file(s, index, out, e);
		break;
	case TOKEN_NONE:
	case TOKEN_KEYRING:
	case TOKEN_KIND_COUNT:
		break;
	}
	secret_trim(out);
	if (rc == ERR_OK && secret_len(out) == 0)
		rc = err_set(e, ERR_NOT_FOUND, "the token has gone from %s",
		    s->text != NULL && s->text[0] != '\0' ? s->text : "its place");
	return rc;
}

void
token_load(struct loop *l, const struct token_source *source, const struct index_info *index,
    token_load_fn fn, void *arg)
{
	struct token_job *j = mem_zalloc(1, sizeof *j);

	j->on_load = fn;
	j->arg = arg;
	token_source_copy(&j->source, source);
	if (source->kind == TOKEN_KEYRING && start_keyring(l, j, index))
		return;
	if (j->token == NULL)
		j->token = secret_new();
	load_now(source, index, j->token, &j->failure);
	loop_defer(l, job_end, j);
}
