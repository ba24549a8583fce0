/* A file against the tree of a commit, by git's own ids: nothing is checked out, and no blob is
 * read but where an id alone cannot tell. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

#define SMALL_MAX ((size_t)1024 * 1024)
#define ATTRIBUTES_MAX 1000

struct side {
	const struct compare_table *t;
	const struct compare_git_opts *o;
	struct comparison *c;
	struct compare_tree tree;
	struct compare_project project;
	struct str setup_cfg;
	const uint8_t **want; /* of each member: the id of the file that it differs from */
	struct strlist roots; /* of a wheel: the folders that its packages come from */
	bool has_lfs;	      /* some file may be a pointer */
};

static bool
has_source(const void *arg, const char *path)
{
	return compare_tree_source(arg, path) != COMPARE_NOWHERE;
}

/* The place where git has a file: of this very content, else the first one. */
static const struct compare_place *
choose(
    const struct side *s, const struct compare_file *f, const struct compare_places *p, size_t *at)
{
	const struct compare_place *found = NULL;

	*at = COMPARE_NOWHERE;
	for (size_t i = 0; i < p->count; i++) {
		size_t here = compare_tree_path(&s->tree, p->items[i].path);

		if (here == COMPARE_NOWHERE ||
		    (found != NULL && !compare_tree_is(&s->tree, here, f->blob)))
			continue;
		found = &p->items[i];
		*at = here;
		if (compare_tree_is(&s->tree, here, f->blob))
			break;
	}
	return found;
}

/* -- states -- */

/* TEXT, and NAME made safe. */
static char *
naming(const char *text, const char *name)
{
	struct str out = STR_EMPTY;

	str_puts(&out, text);
	sanitise(name, strlen(name), &out);
	return str_take(&out);
}

static void
set(struct compare_row *row, enum compare_state state, unsigned notes, char *reason)
{
	row->state = state;
	row->notes |= notes;
	row->reason = reason;
}

/* True when git has a pointer of git-lfs at AT, and ROW was told whether F is what it points to. */
static bool
compare_lfs(const struct side *s, const struct compare_file *f, size_t at, struct compare_row *row)
{
	uint8_t sha256[COMPARE_BLOB_MAX] = { 0 };

	if (!s->has_lfs || !compare_tree_lfs(&s->tree, at, sha256))
		return false;
	if (memcmp(sha256, f->sha256, sizeof f->sha256) == 0)
		set(row, COMPARE_SAME, COMPARE_LFS,
		    mem_strdup("the file that git's LFS pointer names"));
	else
		set(row, COMPARE_MODIFIED, COMPARE_LFS,
		    mem_strdup("not the file that git's LFS pointer names"));
	return true;
}

/* In a wheel the bit is often dropped by the build; one that appears is to be seen. */
static void
compare_mode(const struct side *s, const struct compare_file *f, size_t at, struct compare_row *row)
{
	bool here = (f->mode & 0100) != 0, there = s->o->files[at].mode == COMPARE_MODE_EXECUTABLE;

	if (f->kind != MEMBER_FILE || f->mode == 0 || here == there ||
	    (s->t->kind == DIST_WHEEL && there))
		return;
	set(row, COMPARE_MODIFIED, COMPARE_EXECUTABLE,
	    mem_strdup(here ? "the same content; executable here, not in git"
			    : "the same content; executable in git, not here"));
}

static char *
generated(const struct side *s, const struct compare_file *f, const struct compare_places *p)
{
	struct compare_about about = { .t = s->t,
		.f = f,
		.project = &s->project,
		.has = has_source,
		.arg = &s->tree,
		.before = { str_text(&s->setup_cfg), s->setup_cfg.len } };
	char *why = NULL;
	size_t i = 0;

	do {
		about.source =
		    i < p->count ? p->items[i].path + p->items[i].source : NULL;
		why = compare_generated(&about);
	} while (why == NULL && ++i < p->count);
	return why;
}

static void
present(struct side *s, size_t member, size_t at, const struct compare_places *p)
{
	const struct compare_file *f = &s->t->files[member];
	const struct compare_git_file *git = &s->o->files[at];
	struct compare_row *row = &s->c->rows[member];
	char *why;

	row->other = bytes_of(git->path);
	if (git->mode == COMPARE_MODE_SUBMODULE) {
		set(row, COMPARE_NONE, COMPARE_SUBMODULE,
		    mem_strdup("git has a submodule of this name"));
	} else if (compare_tree_is(&s->tree, at, f->blob)) {
		set(row, COMPARE_SAME, 0, NULL);
		if ((git->mode == COMPARE_MODE_LINK) == (f->kind == MEMBER_SYMLINK))
			compare_mode(s, f, at, row);
		else
			set(row, COMPARE_MODIFIED, COMPARE_SYMLINK,
			    mem_strdup(git->mode == COMPARE_MODE_LINK
				    ? "git has a link; here it is a text file with its target"
				    : "a link here, a file in git"));
		if (f->marks & COMPARE_IS_LFS_POINTER)
			row->reason = row->reason != NULL
			    ? row->reason
			    : mem_strdup("the LFS pointer itself, not the file it stands for");
	} else if (git->mode == COMPARE_MODE_LINK && f->kind == MEMBER_FILE) {
		size_t to = compare_tree_follow(&s->tree, at);
		bool same = to != COMPARE_NOWHERE && compare_tree_is(&s->tree, to, f->blob);

		set(row, same ? COMPARE_SAME : COMPARE_MODIFIED, COMPARE_SYMLINK,
		    same ? naming("git has a link; this is what it points to: ",
			       s->o->files[to].path)
			 : mem_strdup("git has a link; this is not what it points to"));
	} else if ((why = generated(s, f, p)) != NULL) {
		set(row, COMPARE_GENERATED, 0, why);
	} else if (!compare_lfs(s, f, at, row)) {
		set(row, COMPARE_MODIFIED, f->kind == MEMBER_SYMLINK ? COMPARE_SYMLINK : 0, NULL);
		s->want[member] = s->tree.ids[at];
	}
}

/* A submodule at the path or above it, marked as one that is here. */
static bool
in_submodule(struct side *s, const struct compare_places *p, struct compare_row *row)
{
	for (size_t i = 0; i < p->count; i++)
		for (char *c = p->items[i].path; (c = strchr(c, '/')) != NULL; c++) {
			size_t at;

			*c = '\0';
			at = compare_tree_path(&s->tree, p->items[i].path);
			*c = '/';
			if (at == COMPARE_NOWHERE || s->o->files[at].mode != COMPARE_MODE_SUBMODULE)
				continue;
			s->tree.used[at] = true;
			set(row, COMPARE_NONE, COMPARE_SUBMODULE,
			    naming("of a submodule, which has a repository of its own: ",
				s->o->files[at].path));
			return true;
		}
	return false;
}

static void
absent(struct side *s, size_t member, const struct compare_places *p)
{
	const struct compare_file *f = &s->t->files[member];
	struct compare_row *row = &s->c->rows[member];
	size_t at;
	char *why;

	if (in_submodule(s, p, row))
		return;
	if ((why = generated(s, f, p)) != NULL) {
		set(row, COMPARE_GENERATED, 0, why);
		return;
	}
	/* All empty files are alike: that is no sign of where one comes from. */
	at = f->size > 0 || f->kind == MEMBER_SYMLINK ? compare_tree_content(&s->tree, f)
						      : COMPARE_NOWHERE;
	if (at != COMPARE_NOWHERE) {
		s->tree.used[at] = true;
		row->other = bytes_of(s->o->files[at].path);
		set(row, COMPARE_MOVED, 0, naming("the same content as ", s->o->files[at].path));
		return;
	}
	set(row, COMPARE_ADDED, 0,
	    f->size == 0 && f->kind == MEMBER_FILE ? mem_strdup("an empty file") : NULL);
}

static void
compare_member(struct side *s, size_t member)
{
	const struct compare_file *f = &s->t->files[member];
	struct compare_row *row = &s->c->rows[member];
	const struct compare_place *place;
	struct compare_places places;
	size_t at;

	*row = (struct compare_row) { .member = member,
		.path = f->name,
		.notes = compare_notes_of(s->t->kind, f),
		.size = f->size };
	if (f->kind == MEMBER_DIR)
		return;
	if (!f->hashed) {
		set(row, COMPARE_NONE, 0, mem_strdup("its content could not be read"));
		return;
	}
	compare_places_find(&places, s->t, f, &s->project, s->o->under);
	place = choose(s, f, &places, &at);
	if (place != NULL) {
		s->tree.used[at] = true;
		if (s->t->kind == DIST_WHEEL && place->root > 0) {
			char *root = mem_strndup(place->path, place->root);

			if (!strlist_has(&s->roots, root))
				strlist_add(&s->roots, root);
			free(root);
		}
		present(s, member, at, &places);
	} else {
		absent(s, member, &places);
	}
	compare_places_fini(&places);
}

/* -- what is in git alone -- */

/* As check-manifest leaves them out without being told. */
static bool
usually_left_out(const char *path)
{
	static const char *const whole[] = { "PKG-INFO", "setup.cfg", ".bzrignore",
		".circleci/config.yml", ".gitpod.yml", ".travis.yml", "Jenkinsfile" };

	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		if (strcmp(path, whole[i]) == 0)
			return true;
	return text_starts(path, ".git") || text_starts(path, ".hg") || text_ends(path, ".mo") ||
	       strstr(path, ".egg-info/") != NULL;
}

static bool
lies_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 0 && folder[len - 1] == '/')
		len--;
	return len == 0 || (strncmp(path, folder, len) == 0 && path[len] == '/');
}

static bool
is_expected(const struct side *s, const char *path)
{
	if (!lies_below(path, s->o->under))
		return false;
	for (size_t i = 0; s->o->nested != NULL && i < s->o->nested->count; i++)
		if (lies_below(path, s->o->nested->items[i]))
			return false;
	if (s->t->kind == DIST_SDIST)
		return true;
	for (size_t i = 0; i < s->roots.count; i++)
		if (lies_below(path, s->roots.items[i]))
			return true;
	return false;
}

static void
add_missing(struct side *s)
{
	size_t skip = s->o->under[0] != '\0' ? strlen(s->o->under) + 1 : 0;
	struct comparison *c = s->c;

	for (size_t i = 0; i < s->o->count; i++) {
		const struct compare_git_file *git = &s->o->files[i];
		struct compare_row row = { .member = FINDING_NO_MEMBER,
			.path = bytes_of(git->path),
			.other = bytes_of(git->path),
			.state = COMPARE_MISSING,
			.notes = compare_notes_of_path(s->t->kind, bytes_of(git->path)) };

		if (s->tree.used[i] || !is_expected(s, git->path))
			continue;
		if (usually_left_out(git->path + skip))
			row.notes |= COMPARE_LEFT_OUT;
		if (git->mode == COMPARE_MODE_SUBMODULE) {
			row.notes |= COMPARE_SUBMODULE;
			row.reason = mem_strdup("a submodule of which nothing is here");
		}
		c->rows = mem_grow(c->rows, &c->cap, c->count + 1, sizeof c->rows[0]);
		c->rows[c->count++] = row;
	}
}

void
compare_count(const struct compare_table *t, struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct compare_row *row = &c->rows[i];

		if (row->notes & COMPARE_LEFT_OUT)
			c->left_out++;
		else if (row->member == FINDING_NO_MEMBER ||
			 t->files[row->member].kind != MEMBER_DIR)
			c->counts[row->state]++;
	}
	c->size = t->size;
}

/* To read the blob of every file that differs would take longer than all the rest. */
static bool
uses_lfs(const struct side *s)
{
	size_t looked_at = 0;
	bool found = false;

	for (size_t i = 0; i < s->o->count && !found && looked_at < ATTRIBUTES_MAX; i++) {
		struct str text = STR_EMPTY;

		if (!bytes_is(check_base(bytes_of(s->o->files[i].path)), ".gitattributes"))
			continue;
		looked_at++;
		compare_tree_read(&s->tree, i, SMALL_MAX, &text);
		found = strstr(str_text(&text), "filter=lfs") != NULL;
		str_fini(&text);
	}
	return found;
}

static void
read_project(struct side *s)
{
	struct str text = STR_EMPTY;
	size_t at = compare_tree_source(&s->tree, "pyproject.toml");

	if (at != COMPARE_NOWHERE)
		compare_tree_read(&s->tree, at, SMALL_MAX, &text);
	compare_project_read((struct bytes) { str_text(&text), text.len }, &s->project);
	at = compare_tree_source(&s->tree, "setup.cfg");
	if (at != COMPARE_NOWHERE)
		compare_tree_read(&s->tree, at, SMALL_MAX, &s->setup_cfg);
	str_fini(&text);
}

enum err_code
compare_git(const struct compare_table *t, const struct compare_git_opts *opts,
    struct comparison *out, struct err *e)
{
	struct comparison c = { .base = COMPARE_GIT, .members = t->count, .count = t->count };
	struct side s = { .t = t, .o = opts, .c = &c };
	enum err_code rc = ERR_OK;

	c.cap = t->count + 1;
	c.rows = mem_zalloc(c.cap, sizeof c.rows[0]);
	s.want = mem_zalloc(t->count + 1, sizeof s.want[0]);
	compare_tree_init(&s.tree, opts, t->blob_size);
	read_project(&s);
	s.has_lfs = uses_lfs(&s);
	for (size_t i = 0; i < t->count && rc == ERR_OK; i++) {
		compare_member(&s, i);
		if (opts->cancelled != NULL && atomic_load(opts->cancelled))
			rc = err_set(e, ERR_CANCELLED, "comparing %s was cancelled", t->file);
	}
	if (rc == ERR_OK)
		rc = compare_line_ends(t, opts, s.want, &c, e);
	if (rc == ERR_OK) {
		add_missing(&s);
		compare_count(t, &c);
		c.with = mem_strdup(opts->with);
		c.label = mem_strdup("git");
		c.remark = mem_strdup(opts->remark);
		*out = c;
	} else {
		comparison_fini(&c);
	}
	compare_project_fini(&s.project);
	str_fini(&s.setup_cfg);
	strlist_fini(&s.roots);
	compare_tree_fini(&s.tree);
	free(s.want);
	return rc;
}
