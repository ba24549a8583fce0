/* The boundary to libgit2: everything that includes its headers, and the conversion of its errors.
 * Kept flat and thin; what is made of it is in the other files. Objects of libgit2 do not outlive a
 * call. */
#include "git2_wrap.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>
#include <git2/sys/repository.h>

#include "slipway/base/mem.h"
#include "slipway/os/env.h"

struct git2 {
	git_repository *repo;
	git_config     *config;
	git_odb	       *odb; /* NULL until an object is read */
};

/* Extensions that change nothing for a reader of what is here: libgit2 1.5 refuses them for want of
 * a test. config.worktree is read by use_config(). Names in lower case, as its configuration has
 * them. */
static const char *const harmless_extensions[] = {
	"noop", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig",
};

/* Once for the process, whichever thread comes first; another one waits the millisecond that it
 * takes. */
static atomic_int started;

static void
start(void)
{
	const char *names[ARRAY_LEN(harmless_extensions)];
	int	    never = 0;

	if (!atomic_compare_exchange_strong(&started, &never, 1)) {
		while (atomic_load(&started) != 2)
			;
		return;
	}
	memcpy(names, harmless_extensions, sizeof names);
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, ARRAY_LEN(names));
	/* As git itself: the hash of an object is not computed anew each time that it is read. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	/* Who reads many trees keeps those that come again; all would be hundreds of megabytes. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)0);
	/* Another user of the library may have started it before HOME was set: look again. */
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, NULL);
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, NULL);
	atomic_store(&started, 2);
}

static enum err_code
code_of(int rc)
{
	const git_error *last = git_error_last();

	if (rc == GIT_ENOTFOUND || rc == GIT_EUNBORNBRANCH)
		return ERR_NOT_FOUND;
	if (rc == GIT_EOWNER)
		return ERR_REFUSED;
	if (rc == GIT_EINVALIDSPEC || rc == GIT_EAMBIGUOUS)
		return ERR_INVALID;
	if (last != NULL && last->klass == GIT_ERROR_CONFIG)
		return ERR_CONFIG;
	return last != NULL && last->klass == GIT_ERROR_OS ? ERR_IO : ERR_FAILED;
}

static enum err_code PRINTF_LIKE(3, 4)
fail(struct err *e, int rc, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	enum err_code	 code = code_of(rc);
	struct str	 what = STR_EMPTY;
	va_list		 args;

	va_start(args, fmt);
	str_vprintf(&what, fmt, args);
	va_end(args);
	err_set(
	    e, code, "%s: %s", str_text(&what), last != NULL ? last->message : "no reason given");
	str_fini(&what);
	return code;
}

static enum err_code
fail_or_ok(struct err *e, int rc, const char *what)
{
	return rc < 0 ? fail(e, rc, "%s", what) : ERR_OK;
}

/* Hashes come from here alone; any other text becomes one that is not there. */
static git_oid
to_oid(const char *hash)
{
	git_oid id = { { 0 } };

	git_oid_fromstr(&id, hash);
	return id;
}

static void
to_hash(const git_oid *id, char out[REPO_HASH_SIZE])
{
	git_oid_tostr(out, REPO_HASH_SIZE, id);
}

static char *
take_buf(git_buf *buf, int rc)
{
	char *text = rc == 0 ? mem_strdup(buf->ptr) : NULL;

	git_buf_dispose(buf);
	return text;
}

/* What git reads: libgit2 1.5 knows neither GIT_CONFIG_GLOBAL and its kin nor config.worktree. A
 * file that is not there adds nothing. */
static int
use_config(git_repository *repo, git_config **out)
{
	static const git_config_level_t levels[] = { GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
		GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_LOCAL, GIT_CONFIG_LEVEL_APP };
	struct strlist paths = STRLIST_EMPTY;
	int on = 0, rc = git_config_new(out);

	git2_config_files(&paths);
	strlist_addf(&paths, "%sconfig", git_repository_commondir(repo));
	strlist_addf(&paths, "%sconfig.worktree", git_repository_path(repo));
	for (size_t i = 0; rc == 0 && i < paths.count; i++) {
		if (levels[i] == GIT_CONFIG_LEVEL_APP)
			git_config_get_bool(&on, *out, "extensions.worktreeconfig");
		if (paths.items[i][0] != '\0' && (levels[i] != GIT_CONFIG_LEVEL_APP || on))
			rc = git_config_add_file_ondisk(*out, paths.items[i], levels[i], repo, 0);
	}
	if (rc == 0)
		rc = git_repository_set_config(repo, *out);
	strlist_fini(&paths);
	return rc;
}

enum err_code
git2_open(const char *path, struct git2 **out, struct err *e)
{
	git_repository *repo = NULL;
	git_config     *config = NULL;
	int		rc;

	start();
	rc = git_repository_open_ext(&repo, path, 0, env_get("GIT_CEILING_DIRECTORIES"));
	/* The owner was wrong, and libgit2 1.5 fails over not finding that it is excused. */
	if (rc == GIT_ENOTFOUND && strstr(git_error_last()->message, "safe.directory") != NULL)
		rc = GIT_EOWNER;
	if (rc == 0)
		rc = use_config(repo, &config);
	if (rc < 0) {
		git_config_free(config);
		git_repository_free(repo);
		return fail(e, rc, "cannot open the git repository at %s", path);
	}
	*out = mem_zalloc(1, sizeof **out);
	**out = (struct git2){ .repo = repo, .config = config };
	return ERR_OK;
}

void
git2_close(struct git2 *g)
{
	if (g == NULL)
		return;
	git_config_free(g->config);
	git_odb_free(g->odb);
	git_repository_free(g->repo);
	free(g);
}

char *
git2_discover(const char *path)
{
	git_buf buf = GIT_BUF_INIT;

	start();
	return take_buf(
	    &buf, git_repository_discover(&buf, path, 0, env_get("GIT_CEILING_DIRECTORIES")));
}

/* All entries are visited: libgit2 1.5 leaks memory for each that a pattern does not match. For the
 * same reason remotes are not read with it. */
static int
add_extension(const git_config_entry *entry, void *arg)
{
	const char *name = entry->name + strlen("extensions.");

	if (!text_starts(entry->name, "extensions."))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(harmless_extensions); i++)
		if (strcmp(harmless_extensions[i], name) == 0)
			return 0;
	strlist_addf(arg, "%s=%s", name, entry->value != NULL ? entry->value : "");
	return 0;
}

enum err_code
git2_format(const char *config_file, struct strlist *unreadable, int *version, struct err *e)
{
	git_config *config = NULL;
	int	    rc = git_config_open_ondisk(&config, config_file);

	if (rc == 0)
		rc = git_config_foreach(config, add_extension, unreadable);
	if (rc == 0 && git_config_get_int32(version, config, "core.repositoryformatversion") != 0)
		*version = 0;
	git_config_free(config);
	return rc == 0 ? ERR_OK : fail(e, rc, "cannot read %s", config_file);
}

struct git2_facts
git2_facts(const struct git2 *g)
{
	return (struct git2_facts){
		.workdir = git_repository_workdir(g->repo),
		.gitdir = git_repository_path(g->repo),
		.commondir = git_repository_commondir(g->repo),
		.linked = git_repository_is_worktree(g->repo) == 1,
		.shallow = git_repository_is_shallow(g->repo) == 1,
	};
}

static const enum repo_state states[] = {
	[GIT_REPOSITORY_STATE_NONE] = REPO_CLEAR,
	[GIT_REPOSITORY_STATE_MERGE] = REPO_MERGE,
	[GIT_REPOSITORY_STATE_REVERT] = REPO_REVERT,
	[GIT_REPOSITORY_STATE_REVERT_SEQUENCE] = REPO_REVERT,
	[GIT_REPOSITORY_STATE_CHERRYPICK] = REPO_CHERRY_PICK,
	[GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE] = REPO_CHERRY_PICK,
	[GIT_REPOSITORY_STATE_BISECT] = REPO_BISECT,
	[GIT_REPOSITORY_STATE_REBASE] = REPO_REBASE,
	[GIT_REPOSITORY_STATE_REBASE_INTERACTIVE] = REPO_REBASE,
	[GIT_REPOSITORY_STATE_REBASE_MERGE] = REPO_REBASE,
	[GIT_REPOSITORY_STATE_APPLY_MAILBOX] = REPO_MAILBOX,
	[GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE] = REPO_REBASE,
};

enum repo_state
git2_state(const struct git2 *g)
{
	int state = git_repository_state(g->repo);

	return state >= 0 && (size_t)state < ARRAY_LEN(states) ? states[state] : REPO_CLEAR;
}

char *
git2_config(struct git2 *g, const char *key)
{
	git_config_entry *entry = NULL;
	char *value = NULL;

	if (git_config_get_entry(&entry, g->config, key) == 0)
		value = mem_strdup(entry->value != NULL ? entry->value : "true");
	git_config_entry_free(entry);
	return value;
}

static int
add_entry(const git_config_entry *entry, void *arg)
{
	struct strlist *pairs = arg;

	strlist_add(pairs, entry->name);
	strlist_add(pairs, entry->value != NULL ? entry->value : "");
	return 0;
}

void
git2_config_all(struct git2 *g, struct strlist *pairs)
{
	git_config_foreach(g->config, add_entry, pairs);
}

char *
git2_symref(struct git2 *g, const char *name)
{
	git_reference *ref = NULL;
	char	      *target = NULL;

	if (git_reference_lookup(&ref, g->repo, name) == 0)
		target = mem_strdup(git_reference_symbolic_target(ref));
	git_reference_free(ref);
	return target;
}

enum err_code
git2_ref(struct git2 *g, const char *name, char out[REPO_HASH_SIZE], struct err *e)
{
	git_oid id;
	int	rc = git_reference_name_to_id(&id, g->repo, name);

	if (rc < 0)
		return fail(e, rc, "cannot read the reference %s", name);
	to_hash(&id, out);
	return ERR_OK;
}

/* The commit of REV; the caller frees it. */
static int
find_commit(struct git2 *g, const char *rev, git_commit **out)
{
	git_object *any = NULL;
	int	    rc = git_revparse_single(&any, g->repo, rev);

	if (rc == 0)
		rc = git_object_peel((git_object **)out, any, GIT_OBJECT_COMMIT);
	git_object_free(any);
	return rc;
}

static int
find_tree(struct git2 *g, const char *rev, git_tree **out)
{
	git_commit *commit = NULL;
	int	    rc = find_commit(g, rev, &commit);

	if (rc == 0)
		rc = git_commit_tree(out, commit);
	git_commit_free(commit);
	return rc;
}

enum err_code
git2_resolve(
    struct git2 *g, const char *rev, char out[REPO_HASH_SIZE], char *short_out, struct err *e)
{
	git_commit *commit = NULL;
	git_buf	    buf = GIT_BUF_INIT;
	int	    rc = find_commit(g, rev, &commit);

	if (rc == 0 && short_out != NULL)
		rc = git_object_short_id(&buf, (git_object *)commit);
	if (rc == 0) {
		to_hash(git_commit_id(commit), out);
		if (short_out != NULL)
			memccpy(short_out, buf.ptr, '\0', REPO_HASH_SIZE);
	}
	git_buf_dispose(&buf);
	git_commit_free(commit);
	return rc < 0 ? fail(e, rc, "no commit is called %s", rev) : ERR_OK;
}

enum err_code
git2_tags(struct git2 *g, git2_tag_fn fn, void *arg, struct err *e)
{
	git_reference_iterator *it = NULL;
	git_reference	       *ref = NULL;
	int			rc = git_reference_iterator_glob_new(&it, g->repo, "refs/tags/*");

	while (rc == 0 && (rc = git_reference_next(&ref, it)) == 0) {
		git_commit    *commit = NULL;
		const git_oid *id = git_reference_target(ref);
		char	       hash[REPO_HASH_SIZE];

		if (git_reference_peel((git_object **)&commit, ref, GIT_OBJECT_COMMIT) == 0) {
			to_hash(git_commit_id(commit), hash);
			fn(arg, git_reference_shorthand(ref), hash, git_commit_time(commit),
			    id != NULL && !git_oid_equal(id, git_commit_id(commit)));
		}
		git_commit_free(commit);
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	return rc == GIT_ITEROVER ? ERR_OK : fail(e, rc, "cannot read the tags");
}

enum err_code
git2_ahead_behind(struct git2 *g, const char *ours, const char *theirs, size_t *ahead,
    size_t *behind, struct err *e)
{
	git_oid a = to_oid(ours), b = to_oid(theirs);

	return fail_or_ok(e, git_graph_ahead_behind(ahead, behind, g->repo, &a, &b),
	    "cannot compare the branch with its upstream");
}

enum err_code
git2_is_ancestor(struct git2 *g, const char *ancestor, const char *of, bool *out, struct err *e)
{
	git_oid a = to_oid(ancestor), b = to_oid(of);
	int	rc = git_oid_equal(&a, &b) ? 1 : git_graph_descendant_of(g->repo, &b, &a);

	if (rc >= 0)
		*out = rc == 1;
	return fail_or_ok(e, rc, "cannot look for a commit in the history");
}

/* The others, unmodified and ignored, are no change. */
static const enum repo_change changes[] = {
	[GIT_DELTA_ADDED] = REPO_ADDED,
	[GIT_DELTA_COPIED] = REPO_ADDED,
	[GIT_DELTA_DELETED] = REPO_DELETED,
	[GIT_DELTA_MODIFIED] = REPO_MODIFIED,
	[GIT_DELTA_UNREADABLE] = REPO_MODIFIED,
	[GIT_DELTA_RENAMED] = REPO_RENAMED,
	[GIT_DELTA_TYPECHANGE] = REPO_TYPE_CHANGED,
	[GIT_DELTA_UNTRACKED] = REPO_UNTRACKED,
	[GIT_DELTA_CONFLICTED] = REPO_CONFLICTED,
};

static enum repo_change
change_of(const git_diff_delta *delta)
{
	return delta != NULL && (size_t)delta->status < ARRAY_LEN(changes) ? changes[delta->status]
									   : REPO_UNCHANGED;
}

enum err_code
git2_status(struct git2 *g, git2_status_fn fn, void *arg, struct err *e)
{
	git_status_options opts;
	git_status_list	  *list = NULL;
	int		   rc = git_status_options_init(&opts, GIT_STATUS_OPTIONS_VERSION);

	opts.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RENAMES_HEAD_TO_INDEX |
	    GIT_STATUS_OPT_SORT_CASE_SENSITIVELY;
	if (rc == 0)
		rc = git_status_list_new(&list, g->repo, &opts);
	if (rc < 0)
		return fail(e, rc, "cannot read the state of the work tree");
	for (size_t i = 0; i < git_status_list_entrycount(list); i++) {
		const git_status_entry *s = git_status_byindex(list, i);
		const git_diff_delta   *staged = s->head_to_index, *unstaged = s->index_to_workdir;
		const git_diff_delta   *any = unstaged != NULL ? unstaged : staged;

		fn(arg, any->new_file.path != NULL ? any->new_file.path : any->old_file.path,
		    change_of(staged), change_of(unstaged));
	}
	git_status_list_free(list);
	return ERR_OK;
}

bool
git2_is_filtered(struct git2 *g, const char *path)
{
	const char *value = NULL;

	return git_attr_get(&value, g->repo, 0, path, "filter") == 0 &&
	    git_attr_value(value) == GIT_ATTR_VALUE_STRING;
}

enum err_code
git2_is_ignored(struct git2 *g, const char *path, bool *out, struct err *e)
{
	int ignored = 0, rc = git_ignore_path_is_ignored(&ignored, g->repo, path);

	if (rc == 0)
		*out = ignored != 0;
	return fail_or_ok(e, rc, "cannot read the ignore rules");
}

bool
git2_object_read(struct git2 *g, const unsigned char id[20], struct git2_object *out)
{
	git_odb_object *object = NULL;
	git_oid		oid;

	git_oid_fromraw(&oid, id);
	if (g->odb == NULL && git_repository_odb(&g->odb, g->repo) < 0)
		return false;
	if (git_odb_read(&object, g->odb, &oid) < 0)
		return false;
	out->text = (struct bytes){ git_odb_object_data(object), git_odb_object_size(object) };
	out->handle = object;
	return true;
}

void
git2_object_fini(struct git2_object *o)
{
	git_odb_object_free(o->handle);
	*o = (struct git2_object)GIT2_OBJECT_EMPTY;
}

enum err_code
git2_commit(struct git2 *g, const char *hash, struct repo_commit *out, struct err *e)
{
	git_commit	    *commit = NULL;
	const git_signature *author;
	const char	    *body;
	git_oid		     id = to_oid(hash);
	int		     rc = git_commit_lookup(&commit, g->repo, &id);

	if (rc == 0) {
		author = git_commit_author(commit);
		body = git_commit_body(commit);
		to_hash(git_commit_id(commit), out->hash);
		out->author = mem_strdup(author->name);
		out->email = mem_strdup(author->email);
		out->when = author->when.time;
		out->parents = git_commit_parentcount(commit);
		out->subject = mem_strdup(git_commit_summary(commit));
		out->body = mem_strdup(body != NULL ? body : "");
	}
	git_commit_free(commit);
	return rc == 0 ? ERR_OK : fail(e, rc, "cannot read the commit %s", hash);
}

struct fill {
	struct repo_patch *patch;
	size_t max_lines;
};

static int
on_line(
    const git_diff_delta *delta, const git_diff_hunk *hunk, const git_diff_line *line, void *arg)
{
	const struct fill *f = arg;
	struct repo_line to = { .text = { line->content, line->content_len } };

	(void)delta;
	to.old_line = line->old_lineno > 0 ? (size_t)line->old_lineno : 0;
	to.new_line = line->new_lineno > 0 ? (size_t)line->new_lineno : 0;
	if (line->origin == GIT_DIFF_LINE_HUNK_HDR)
		patch_add_hunk(f->patch, &(struct repo_hunk){ .old_start = (size_t)hunk->old_start,
		    .old_count = (size_t)hunk->old_lines, .new_start = (size_t)hunk->new_start,
		    .new_count = (size_t)hunk->new_lines });
	else if (line->origin == GIT_DIFF_LINE_CONTEXT)
		patch_add_line(f->patch, REPO_LINE_CONTEXT, &to, f->max_lines);
	else if (line->origin == GIT_DIFF_LINE_ADDITION)
		patch_add_line(f->patch, REPO_LINE_ADD, &to, f->max_lines);
	else if (line->origin == GIT_DIFF_LINE_DELETION)
		patch_add_line(f->patch, REPO_LINE_DEL, &to, f->max_lines);
	else if (line->origin != GIT_DIFF_LINE_FILE_HDR && line->origin != GIT_DIFF_LINE_BINARY)
		patch_end_without_eol(f->patch);
	return 0;
}

static int
fill_patch(git_patch *patch, size_t max_lines, struct repo_patch *p)
{
	struct fill f = { .patch = p, .max_lines = max_lines };
	int rc = git_patch_line_stats(NULL, &p->added, &p->deleted, patch);

	if (rc == 0)
		rc = git_patch_print(patch, on_line, &f);
	patch_finish(p);
	return rc;
}

enum err_code
git2_diff_text(struct bytes old_text, struct bytes new_text, size_t context, struct repo_patch *out,
    struct err *e)
{
	git_diff_options opts;
	git_patch	*patch = NULL;
	int		 rc;

	start();
	git_diff_options_init(&opts, GIT_DIFF_OPTIONS_VERSION);
	opts.context_lines = (uint32_t)(context < UINT32_MAX ? context : UINT32_MAX);
	opts.flags = GIT_DIFF_FORCE_TEXT;
	rc = git_patch_from_buffers(
	    &patch, old_text.data, old_text.len, NULL, new_text.data, new_text.len, NULL, &opts);
	if (rc == 0)
		rc = fill_patch(patch, SIZE_MAX, out);
	git_patch_free(patch);
	return fail_or_ok(e, rc, "cannot compare two texts");
}

static int
tell_file(git_diff *diff, size_t at, size_t max_lines, git2_file_fn fn, void *arg)
{
	git_patch	     *patch = NULL;
	struct repo_patch     p = REPO_PATCH_EMPTY;
	const git_diff_delta *delta;
	int		      rc = git_patch_from_diff(&patch, diff, at);

	if (rc == 0 && patch != NULL)
		rc = fill_patch(patch, max_lines, &p);
	delta = git_diff_get_delta(diff, at);
	p.binary = (delta->flags & GIT_DIFF_FLAG_BINARY) != 0;
	if (rc == 0)
		fn(arg, change_of(delta), delta->old_file.path, delta->new_file.path, &p);
	repo_patch_fini(&p);
	git_patch_free(patch);
	return rc;
}

enum err_code
git2_diff(struct git2 *g, const struct repo_diff_opts *o, git2_file_fn fn, void *arg, size_t *total,
    struct err *e)
{
	git_diff_options opts;
	git_tree	*old_tree = NULL, *new_tree = NULL;
	git_diff	*diff = NULL;
	int		 rc = o->from != NULL ? find_tree(g, o->from, &old_tree) : 0;

	git_diff_options_init(&opts, GIT_DIFF_OPTIONS_VERSION);
	opts.context_lines = (uint32_t)o->context;
	opts.flags = GIT_DIFF_INCLUDE_TYPECHANGE;
	if (rc == 0)
		rc = find_tree(g, o->to, &new_tree);
	if (rc == 0)
		rc = git_diff_tree_to_tree(&diff, g->repo, old_tree, new_tree, &opts);
	if (rc == 0)
		rc = git_diff_find_similar(diff, NULL);
	if (rc == 0)
		*total = git_diff_num_deltas(diff);
	for (size_t i = 0; rc == 0 && i < git_diff_num_deltas(diff) && i < o->max_files; i++)
		rc = tell_file(diff, i, o->max_lines, fn, arg);
	git_diff_free(diff);
	git_tree_free(new_tree);
	git_tree_free(old_tree);
	return rc < 0 ? fail(e, rc, "cannot compare %s with %s", o->to,
			    o->from != NULL ? o->from : "nothing")
		      : ERR_OK;
}

static int
on_tree_entry(const char *dir, const git_tree_entry *entry, void *arg)
{
	const struct git2_files *files = arg;
	char			 hash[REPO_HASH_SIZE];

	to_hash(git_tree_entry_id(entry), hash);
	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		return 0;
	return files->fn(files->arg, dir, git_tree_entry_name(entry),
	    git_tree_entry_filemode_raw(entry), hash) - 1;
}

/* What is at PATH ("": the root) in a commit; another type than TYPE is not there. */
static enum err_code
find_at(struct git2 *g, const char *rev, const char *path, git_object_t type, git_object **out,
    struct err *e)
{
	char *spec = mem_printf("%s:%s", rev, path);
	int   rc = git_revparse_single(out, g->repo, spec);

	free(spec);
	if (rc < 0)
		return fail(e, rc, "cannot find %s at %s", path, rev);
	if (git_object_type(*out) == type)
		return ERR_OK;
	git_object_free(*out);
	*out = NULL;
	return err_set(e, ERR_NOT_FOUND, "%s at %s is not a %s", path, rev,
	    type == GIT_OBJECT_TREE ? "folder" : "file");
}

enum err_code
git2_tree(struct git2 *g, const char *rev, const char *under, const struct git2_files *files,
    struct err *e)
{
	struct git2_files to = *files;
	git_object	 *tree = NULL;
	enum err_code	  code = find_at(g, rev, under, GIT_OBJECT_TREE, &tree, e);
	int		  rc = 0;

	if (code == ERR_OK)
		rc = git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, on_tree_entry, &to);
	git_object_free(tree);
	return rc < 0 ? fail(e, rc, "cannot list the files of %s", rev) : code;
}

enum err_code
git2_blob(
    struct git2 *g, const char *rev, const char *path, size_t max, struct str *out, struct err *e)
{
	git_object   *object = NULL;
	enum err_code code = find_at(g, rev, path, GIT_OBJECT_BLOB, &object, e);
	git_blob     *blob = (git_blob *)object;

	if (code == ERR_OK && git_blob_rawsize(blob) > (git_object_size_t)max)
		code = err_set(e, ERR_LIMIT, "%s at %s is larger than %zu bytes", path, rev, max);
	else if (code == ERR_OK)
		str_append(out, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_object_free(object);
	return code;
}
