/* What an index says about the packages: their newest versions, or that the names are free. And
 * whether a token for it can be found, by name alone. */
#include <stdlib.h>
#include <string.h>

#include "indexes.h"
#include "preflight.h"
#include "rehearsal.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"
#include "slipway/index/token.h"
#include "slipway/os/http.h"
#include "slipway/project/version.h"

struct asking {
	enum index_role role;
	size_t at; /* package */
	struct index_query *query;
	struct strlist newest; /* of the packages before AT; "" when the name is not there */
};

static void ask(struct check *c);

static void
asking_stop(struct check *c)
{
	struct asking *k = c->priv;

	if (k->query != NULL)
		index_list_cancel(k->query);
	strlist_fini(&k->newest);
	free(k);
	c->priv = NULL;
}

/* Newest by PEP 440; unreadable ones are left out. */
static char *
newest(const struct strlist *versions)
{
	struct version best = VERSION_EMPTY;
	char *text = NULL;

	for (size_t i = 0; i < versions->count; i++) {
		struct version v = VERSION_EMPTY;

		if (version_parse(versions->items[i], &v, NULL) != ERR_OK)
			continue;
		if (text == NULL || version_compare(&v, &best) > 0) {
			version_fini(&best);
			best = v;
			mem_set(&text, version_text(&v));
		} else {
			version_fini(&v);
		}
	}
	version_fini(&best);
	return text;
}

static void
on_listing(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct check *c = arg;
	struct asking *k = c->priv;
	const struct release_package *p = &c->w->rel.packages[k->at];
	struct err e;

	k->query = NULL;
	if (failure != NULL) {
		e = *failure;
		/* An index that does not answer now is told, and asked again before anything is
		 * sent. */
		check_fail(c, k->role == INDEX_TEST ? SIGN_UNCHECKED : SIGN_BAD, &e);
		return;
	}
	/* PEP 792; a deprecated one still takes files. */
	if (l->status != NULL &&
	    (strcmp(l->status, "quarantined") == 0 || strcmp(l->status, "archived") == 0)) {
		check_endf(c, SIGN_BAD, "ask the index's administrators",
		    "%s is %s on %s: it takes no files", p->name, l->status,
		    c->w->rel.index[k->role].title);
		return;
	}
	if (l->state == INDEX_FOUND) {
		char *version = newest(&l->versions);

		strlist_take(
		    &k->newest, version != NULL ? version : mem_strdup("without a version"));
	} else {
		strlist_add(&k->newest, "");
	}
	indexes_remember(c->w, k->role, k->at, &l->versions);
	k->at++;
	ask(c);
}

/* "1.0.3 is the newest of both packages": packages of one answer share the words. */
static void
tell(struct check *c)
{
	const struct asking *k = c->priv;
	const struct release *r = &c->w->rel;
	const char *first = k->newest.count > 0 ? k->newest.items[0] : "";
	bool alike = true;
	struct str text = STR_EMPTY;
	size_t n = k->newest.count;

	for (size_t i = 1; i < n; i++)
		alike &= strcmp(k->newest.items[i], first) == 0;
	if (alike && first[0] == '\0')
		str_puts(&text, n == 1	 ? "the name looks free"
				: n == 2 ? "both names look free"
					 : "all names look free");
	else if (alike)
		str_printf(&text, "%s is the newest%s", first,
		    n == 1   ? ""
		    : n == 2 ? " of both packages"
			     : " of all packages");
	for (size_t i = 0; i < n && !alike; i++)
		str_printf(&text, "%s%s %s", i > 0 ? ", " : "", r->packages[i].name,
		    k->newest.items[i][0] != '\0' ? k->newest.items[i]
						  : "is new (the name looks free)");
	check_endf(c, SIGN_OK, NULL, "%s: %s", r->index[k->role].title, str_text(&text));
	str_fini(&text);
}

static void
ask(struct check *c)
{
	struct asking *k = c->priv;
	struct release *r = &c->w->rel;
	struct err e = ERR_EMPTY;

	if (k->at == r->package_count) {
		tell(c);
		return;
	}
	if (index_list(c->w->http, &c->w->index_info[k->role], r->packages[k->at].normal,
		on_listing, c, &k->query, &e) != ERR_OK)
		check_fail(c, SIGN_BAD, &e);
}

void
check_index_start(struct check *c)
{
	struct asking *k;
	struct err e = ERR_EMPTY;

	if (c->id == CHECK_INDEX_TEST && c->w->index_info[INDEX_TEST].simple_url == NULL) {
		check_endf(c, SIGN_UNCHECKED, NULL, "%s, started when it is needed",
		    c->w->rel.index[INDEX_TEST].title);
		return;
	}
	k = mem_zalloc(1, sizeof *k);
	k->role = c->id == CHECK_INDEX_TEST ? INDEX_TEST : INDEX_PRODUCTION;
	c->priv = k;
	c->stop = asking_stop;
	if (c->w->http == NULL && http_new(c->w->loop, &c->w->http, &e) != ERR_OK)
		check_fail(c, SIGN_BAD, &e);
	else
		ask(c);
}

/* -- tokens, by name -- */

/* token_find() cannot be called off: the check may be gone when it comes. */
struct finding_token {
	struct check *c; /* NULL: nobody waits any more */
	enum index_role role;
	size_t at;		/* package */
	struct strlist sources; /* each once */
	struct strlist missing; /* packages without one */
	struct err failure;
	enum token_keyring keyring;
	bool is_shared;
};

static void find_token(struct finding_token *k);

static void
finding_free(struct finding_token *k)
{
	strlist_fini(&k->sources);
	strlist_fini(&k->missing);
	free(k);
}

static void
token_stop(struct check *c)
{
	((struct finding_token *)c->priv)->c = NULL;
	c->priv = NULL;
}

static void
end_token(struct finding_token *k)
{
	struct check *c = k->c;
	struct release_index *index = &c->w->rel.index[k->role];
	struct str text = STR_EMPTY;

	strlist_join(&k->sources, ", ", &text);
	/* Only what serves every package is an answer that nobody has to give. */
	mem_set(
	    &index->token_source, k->missing.count == 0 && text.len > 0 ? str_text(&text) : NULL);
	if (k->failure.code != ERR_OK) {
		check_fail(c, SIGN_LOOK, &k->failure);
	} else if (k->missing.count > 0) {
		str_puts(&text, text.len > 0 ? "; none for " : "none found");
		if (k->sources.count > 0)
			strlist_join(&k->missing, ", ", &text);
		str_puts(&text, "; it will be asked for");
		check_end(c, SIGN_UNCHECKED, str_text(&text), NULL);
	} else if (k->is_shared) {
		check_endf(c, SIGN_LOOK, "let only yourself read that file: chmod 600",
		    "%s, a file that others can read", str_text(&text));
	} else {
		check_end(c, SIGN_OK, str_text(&text), NULL);
	}
	str_fini(&text);
	finding_free(k);
}

static void
on_found(void *arg, const struct token_source *source, const struct err *failure)
{
	struct finding_token *k = arg;

	if (k->c == NULL) {
		finding_free(k);
		return;
	}
	if (failure != NULL && k->failure.code == ERR_OK)
		k->failure = *failure;
	if (source->kind == TOKEN_NONE)
		strlist_add(&k->missing, k->c->w->rel.packages[k->at].name);
	else if (!strlist_has(&k->sources, source->text))
		strlist_add(&k->sources, source->text);
	k->is_shared |= source->is_shared;
	k->keyring = token_keyring_known(k->keyring, source);
	k->at++;
	find_token(k);
}

static void
find_token(struct finding_token *k)
{
	const struct wizard *w = k->c->w;
	struct token_opts opts = {
		.root = w->rel.root, .index = &w->index_info[k->role], .keyring = k->keyring
	};

	while (k->at < w->rel.package_count && !w->rel.packages[k->at].selected)
		k->at++;
	if (k->at == w->rel.package_count) {
		end_token(k);
		return;
	}
	opts.package_env = settings_token_env(w, k->role, &w->rel.packages[k->at]);
	token_find(w->loop, &opts, on_found, k);
}

void
check_token_start(struct check *c)
{
	enum index_role role = c->id == CHECK_TOKEN_TEST ? INDEX_TEST : INDEX_PRODUCTION;
	struct finding_token *k;

	if (role == INDEX_TEST && rehearsal_is_meant(c->w, c->w->rel.index[role].name)) {
		check_end(c, SIGN_OK, "Slipway's own index: it makes one up", NULL);
		return;
	}
	k = mem_zalloc(1, sizeof *k);
	k->c = c;
	k->role = role;
	c->priv = k;
	c->stop = token_stop;
	find_token(k);
}
