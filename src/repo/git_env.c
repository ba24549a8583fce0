/* The environments that git runs with: as the user has it, and one in which nothing can ask. */
#include "git_env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/repo/git.h"

/* From git rev-parse --local-env-vars, without the configuration: set by a hook or an alias that
 * started us, they would aim git at a repository other than that of its directory. */
static const char *const repository_variables[] = {
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE",
	"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
	"GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE",
	"GIT_SHALLOW_FILE", "GIT_WORK_TREE", "GIT_QUARANTINE_PATH",
};

/* Borrowed from ENV; NULL when unset or empty. */
static const char *
lookup(const struct strlist *env, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, len) == 0 && env->items[i][len] == '=')
			return env->items[i][len + 1] != '\0' ? env->items[i] + len + 1 : NULL;
	return NULL;
}

void
git_env_base(const struct strlist *hide, struct strlist *out)
{
	env_child(hide, out);
	for (size_t i = 0; i < ARRAY_LEN(repository_variables); i++)
		env_put(out, repository_variables[i], NULL);
	env_put(out, "GIT_PAGER", "cat");
}

/* English messages, so that they can be told apart, but the user's character set: hooks read it
 * too. */
static void
speak_english(struct strlist *env)
{
	char *all = mem_strdup(lookup(env, "LC_ALL"));

	if (all != NULL)
		env_put(env, "LC_CTYPE", all);
	env_put(env, "LC_ALL", NULL);
	env_put(env, "LANGUAGE", NULL);
	env_put(env, "LC_MESSAGES", "C");
	free(all);
}

/* GIT_ASKPASS stays: an editor's terminal sets it to a program that asks outside of the terminal.
 */
void
git_cmd_quiet_env(const struct git_cmd *c, struct strlist *out)
{
	strlist_copy(out, &c->env);
	speak_english(out);
	env_put(out, "GIT_TERMINAL_PROMPT", "0");
	env_put(out, "GCM_INTERACTIVE", "never");
	env_put(out, "GIT_EDITOR", "false");
	env_put(out, "GIT_SEQUENCE_EDITOR", "false");
	env_put(out, "GPG_TTY", NULL);
	env_put(out, "SSH_ASKPASS", NULL);
	env_put(out, "SSH_ASKPASS_REQUIRE", "never");
	if (!c->ssh_command && lookup(out, "GIT_SSH_COMMAND") == NULL &&
	    lookup(out, "GIT_SSH") == NULL)
		env_put(out, "GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
}

/* gpg's own manual asks for GPG_TTY; git gives gpg a pipe for its input, so gpg cannot find the
 * terminal by itself. */
void
git_cmd_lent_env(const struct git_cmd *c, struct strlist *out)
{
	const char *tty = ttyname(STDIN_FILENO);

	strlist_copy(out, &c->env);
	if (tty != NULL && lookup(out, "GPG_TTY") == NULL)
		env_put(out, "GPG_TTY", tty);
}
