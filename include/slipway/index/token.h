/* Where the token for an index comes from (design, section 5). First by name alone, then, when it
 * is about to be used, the secret itself. */
#ifndef SLIPWAY_INDEX_TOKEN_H
#define SLIPWAY_INDEX_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/index/index.h"

struct loop;
struct secret;

enum token_kind {
	TOKEN_NONE, /* ask for it */
	TOKEN_ENV,
	TOKEN_DOTENV,
	TOKEN_PYPIRC,
	TOKEN_KEYRING,
	TOKEN_KIND_COUNT
};

struct token_source {
	enum token_kind kind;
	char *name;	/* the variable, or the section of .pypirc */
	char *path;	/* the file; NULL when it is none */
	char *user;	/* "__token__" unless .pypirc says otherwise; NULL with TOKEN_NONE */
	char *text;	/* "PYPI_API_TOKEN", "PYPI_API_TOKEN, from .env", "[pypi] in ~/.pypirc",
			   "keyring"; never NULL */
	bool is_shared; /* others than the owner may read the file */
};

#define TOKEN_SOURCE_EMPTY                                                                         \
	{                                                                                          \
		.kind = TOKEN_NONE                                                                 \
	}

void token_source_fini(struct token_source *s); /* empty is fine; empty afterwards */
void token_source_copy(
    struct token_source *to, const struct token_source *from); /* TO must be empty */

/* What the keyring command has said for an index. It is slow to ask, and says the same for every
 * package. */
enum token_keyring { TOKEN_KEYRING_UNASKED, TOKEN_KEYRING_EMPTY, TOKEN_KEYRING_HOLDS };

struct token_opts {
	const struct index_info *index;
	const struct strlist *package_env; /* token-env of the package; may be NULL */
	const char *root;		   /* of the repository, for .env; NULL: none */
	const char *pypirc;		   /* NULL: ~/.pypirc */
	enum token_keyring keyring;	   /* what is known is not asked again */
};

/* SOURCE has TOKEN_NONE when there is none; FAILURE (a file that cannot be read or parsed) may come
 * with one that was found all the same. Both borrowed until it returns. */
typedef void (*token_find_fn)(
    void *arg, const struct token_source *source, const struct err *failure);
/* Presence by name. FN is called once, never before this returns, and always. */
void token_find(struct loop *l, const struct token_opts *opts, token_find_fn fn, void *arg);
/* What is known of the keyring behind a search that was begun with WAS and found SOURCE. */
enum token_keyring token_keyring_known(enum token_keyring was, const struct token_source *source);

/* TOKEN is the receiver's to free, NULL on failure; *FAILURE is borrowed. */
typedef void (*token_load_fn)(void *arg, struct secret *token, const struct err *failure);
/* Reads the secret that token_find() saw, trimmed. ERR_NOT_FOUND when it has gone. FN as above. */
void token_load(struct loop *l, const struct token_source *source, const struct index_info *index,
    token_load_fn fn, void *arg);

/* What can be seen in a token without asking anyone. */
struct token_glance {
	bool has_prefix;  /* starts with "pypi-" */
	bool is_odd;	  /* empty, or with characters that no token has: a slip while pasting */
	char *index_name; /* the known index that it is for; NULL when it cannot be told */
	char *text; /* "for TestPyPI, for project x only": safe to show; never NULL, may be "" */
	bool is_expired;
};

#define TOKEN_GLANCE_EMPTY                                                                         \
	{                                                                                          \
		.text = NULL                                                                       \
	}

/* NOW in Unix seconds. The caller owns what is in *OUT: token_glance_fini(). */
void token_glance(const struct secret *token, int64_t now, struct token_glance *out);
void token_glance_fini(struct token_glance *g);
/* ERR_AUTH with the way out when TOKEN cannot be right for INDEX: no prefix where the index wants
 * one, made for the other index, expired, a slip while pasting. */
enum err_code token_check(
    const struct secret *token, const struct index_info *index, int64_t now, struct err *e);

#endif
