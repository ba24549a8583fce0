/* git removes its locks when it is ended, but not when that happens between making one and noting
 * it down, nor when the machine goes down. What is left would stop every later git here. */
#include "stale_lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effect.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/running.h"

/* When the earliest of our git effects began that has no outcome; 0 when there is none. */
static int64_t
cut_off_since(const struct wizard *w)
{
	int64_t since = 0;

	for (size_t i = 0; i < w->effect_count; i++) {
		const struct effect *fx = w->effects[i];
		bool git = fx->ops == &effect_commit || fx->ops == &effect_tag ||
		    fx->ops == &effect_branch || fx->ops == &effect_push;

		if (git && fx->begun && !fx->recorded && fx->unsure_at > 0 &&
		    (since == 0 || fx->unsure_at < since))
			since = fx->unsure_at;
	}
	return since;
}

/* Those that the commands of the effects take, and no others. */
static void
candidates(const struct wizard *w, struct strlist *out)
{
	static const char *const fixed[] = { "index.lock", "HEAD.lock", "ORIG_HEAD.lock",
		"packed-refs.lock" };
	const struct release *r = &w->rel;

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		strlist_add(out, fixed[i]);
	strlist_addf(out, "refs/slipway/%s.lock", r->id);
	if (r->branch != NULL)
		strlist_addf(out, "refs/heads/%s.lock", r->branch);
	if (r->branch != NULL && r->remote != NULL)
		strlist_addf(out, "refs/remotes/%s/%s.lock", r->remote, r->branch);
	for (size_t i = 0; i < r->package_count; i++)
		if (r->packages[i].tag_new != NULL)
			strlist_addf(out, "refs/tags/%s.lock", r->packages[i].tag_new);
}

static bool
is_stale(const char *path, int64_t since)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (int64_t)st.st_mtime >= since &&
	    !running_has_open(path);
}

static void
clear(struct wizard *w, const char *path)
{
	struct str text = STR_EMPTY;
	size_t line;

	str_printf(&text, "rm %s", path);
	line = wizard_log_begin(w, str_text(&text), w->rel.root);
	wizard_log_end(w, line,
	    unlink(path) == 0 ? "a lock that a killed git left" : "could not be removed", 0);
	log_debug("removed the stale lock %s", path);
	str_fini(&text);
}

void
stale_locks_clear(struct wizard *w)
{
	int64_t since = cut_off_since(w);
	struct strlist names = STRLIST_EMPTY;
	char *common, *root;

	if (since == 0)
		return;
	common = fs_real(w->common_dir);
	root = fs_real(w->rel.root);
	candidates(w, &names);
	for (size_t i = 0; i < names.count && common != NULL && root != NULL; i++) {
		char *path = fs_join(common, names.items[i]);

		/* An editor that a git commit of the user waits for keeps a lock that nobody has
		 * open. */
		if (is_stale(path, since) && !running_in("git", root) &&
		    !running_in("git", common))
			clear(w, path);
		free(path);
	}
	strlist_fini(&names);
	free(common);
	free(root);
}
