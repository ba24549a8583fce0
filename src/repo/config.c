/* Configuration as git sees it, who would make a commit, and whether it would be signed. */
#include "slipway/repo/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"

/* GIT_CONFIG_COUNT, _KEY_n and _VALUE_n stand above all files, the last one first (git-config(1)).
 */
static const char *
from_environment(const char *key)
{
	const char *text = env_get("GIT_CONFIG_COUNT"), *name, *value;
	size_t	    count = 0;
	char	    var[48];

	if (text == NULL || !text_to_size(text, 1000, &count))
		return NULL;
	while (count-- > 0) {
		snprintf(var, sizeof var, "GIT_CONFIG_KEY_%zu", count);
		name = env_get(var);
		snprintf(var, sizeof var, "GIT_CONFIG_VALUE_%zu", count);
		value = env_get(var);
		if (name != NULL && strcasecmp(name, key) == 0)
			return value != NULL ? value : "";
	}
	return NULL;
}

char *
repo_config(struct repo *r, const char *key)
{
	const char *value = from_environment(key);

	return value != NULL ? mem_strdup(value) : git2_config(r->git2, key);
}

/* As git reads it: a word, or a number that is not 0. */
static bool
is_true(const char *value)
{
	static const char *const words[] = { "true", "yes", "on" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return strtol(value, NULL, 10) != 0;
}

bool
repo_config_bool(struct repo *r, const char *key, bool fallback)
{
	char *value = repo_config(r, key);
	bool out = value != NULL ? is_true(value) : fallback;

	free(value);
	return out;
}

/* The variables are in git(1); set but empty means no such file. */
void
git2_config_files(struct strlist *out)
{
	const char *global = env_get("GIT_CONFIG_GLOBAL"), *system = env_get("GIT_CONFIG_SYSTEM");
	const char *xdg = env_get("XDG_CONFIG_HOME");
	char *home = env_home();

	if (env_get("GIT_CONFIG_NOSYSTEM") != NULL)
		strlist_add(out, "");
	else
		strlist_add(out, system != NULL ? system : "/etc/gitconfig");
	if (global != NULL)
		strlist_add(out, "");
	else if (xdg != NULL)
		strlist_addf(out, "%s/git/config", xdg);
	else
		strlist_addf(out, "%s/.config/git/config", home);
	if (global != NULL)
		strlist_add(out, global);
	else
		strlist_addf(out, "%s/.gitconfig", home);
	free(home);
}

/* The first that says something: a variable, then configuration keys, then a last variable. */
static char *
first_of(struct repo *r, const char *variable, const char *const *keys, const char *last)
{
	const char *set = env_get(variable);
	char	   *value = NULL;

	if (set != NULL)
		return mem_strdup(set);
	for (; *keys != NULL; keys++) {
		value = repo_config(r, *keys);
		if (value != NULL && value[0] != '\0')
			return value;
		free(value);
	}
	return last != NULL ? mem_strdup(env_get(last)) : NULL;
}

void
repo_identity(struct repo *r, struct repo_identity *out)
{
	static const char *const author_name[] = { "author.name", "user.name", NULL };
	static const char *const author_email[] = { "author.email", "user.email", NULL };
	static const char *const committer_name[] = { "committer.name", "user.name", NULL };
	static const char *const committer_email[] = { "committer.email", "user.email", NULL };

	char *ssh = repo_config(r, "core.sshcommand");

	*out = (struct repo_identity){
		.author_name = first_of(r, "GIT_AUTHOR_NAME", author_name, NULL),
		.author_email = first_of(r, "GIT_AUTHOR_EMAIL", author_email, "EMAIL"),
		.committer_name = first_of(r, "GIT_COMMITTER_NAME", committer_name, NULL),
		.committer_email = first_of(r, "GIT_COMMITTER_EMAIL", committer_email, "EMAIL"),
		.sign_commits = repo_config_bool(r, "commit.gpgsign", false),
		.sign_tags = repo_config_bool(r, "tag.gpgsign", false),
		.format = repo_config(r, "gpg.format"),
		.key = repo_config(r, "user.signingkey"),
		.ssh_command = ssh != NULL && ssh[0] != '\0',
	};
	free(ssh);
	if (out->format == NULL)
		out->format = mem_strdup("openpgp");
}

void
repo_identity_fini(struct repo_identity *i)
{
	free(i->author_name);
	free(i->author_email);
	free(i->committer_name);
	free(i->committer_email);
	free(i->format);
	free(i->key);
	*i = (struct repo_identity)REPO_IDENTITY_EMPTY;
}
