/* Raw commits and trees. libgit2's own comparison of trees builds lists and patches that nobody
 * asks for here; walking both at once and passing over what is equal is several times as fast. */
#include "objects.h"

#include <string.h>

#include "git2_wrap.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
object_id_read(struct bytes text, struct object_id *out)
{
	if (text.len < (size_t)2 * OBJECT_ID_SIZE)
		return false;
	for (size_t i = 0; i < OBJECT_ID_SIZE; i++) {
		int high = digit(text.data[2 * i]), low = digit(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

void
object_id_write(const struct object_id *id, char out[2 * OBJECT_ID_SIZE + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < OBJECT_ID_SIZE; i++) {
		out[2 * i] = digits[id->bytes[i] >> 4];
		out[2 * i + 1] = digits[id->bytes[i] & 15];
	}
	out[2 * OBJECT_ID_SIZE] = '\0';
}

/* -- commits -- */

static bool
take_line(struct bytes *rest, const char *key, struct bytes *value)
{
	size_t len = strlen(key);
	struct bytes line;

	if (rest->len < len || memcmp(rest->data, key, len) != 0 || !bytes_line(rest, &line))
		return false;
	*value = (struct bytes) { line.data + len, line.len - len };
	return true;
}

bool
commit_parent_next(struct bytes *parents, struct object_id *out)
{
	struct bytes value;

	return take_line(parents, "parent ", &value) && object_id_read(value, out);
}

/* "NAME <EMAIL> 1700000000 +0000": the number before the last word. */
static int64_t
read_time(struct bytes who)
{
	size_t at = who.len;
	int64_t when = 0;

	while (at > 0 && who.data[at - 1] != ' ')
		at--;
	while (at > 0 && who.data[at - 1] == ' ')
		at--;
	while (at > 0 && who.data[at - 1] >= '0' && who.data[at - 1] <= '9')
		at--;
	for (; at < who.len && who.data[at] >= '0' && who.data[at] <= '9'; at++)
		if (when < INT64_MAX / 16)
			when = when * 10 + (who.data[at] - '0');
	return when;
}

bool
commit_head_read(struct bytes text, struct commit_head *out)
{
	struct bytes rest = text, value;
	struct object_id parent;

	*out = (struct commit_head) { .when = 0 };
	if (!take_line(&rest, "tree ", &value) || !object_id_read(value, &out->tree))
		return false;
	out->parents = rest;
	while (commit_parent_next(&rest, &parent))
		continue;
	out->parents.len = (size_t)(rest.data - out->parents.data);
	if (take_line(&rest, "author ", &value) && take_line(&rest, "committer ", &value))
		out->when = read_time(value);
	return true;
}

/* -- trees -- */

bool
tree_entry_next(struct bytes *rest, struct tree_entry *out)
{
	const char *space = rest->len > 0 ? memchr(rest->data, ' ', rest->len) : NULL, *nul, *end;

	if (space == NULL)
		return false;
	end = rest->data + rest->len;
	nul = memchr(space, '\0', (size_t)(end - space));
	if (nul == NULL || end - nul <= OBJECT_ID_SIZE || nul == space + 1)
		return false;
	out->is_tree = rest->data[0] == '4';
	out->name = (struct bytes) { space + 1, (size_t)(nul - space - 1) };
	memcpy(out->id.bytes, nul + 1, OBJECT_ID_SIZE);
	*rest = (struct bytes) { nul + 1 + OBJECT_ID_SIZE,
		(size_t)(end - nul - 1 - OBJECT_ID_SIZE) };
	return true;
}

struct compare {
	struct git2 *g;
	struct str path;
	unsigned depth;
	tree_path_fn fn;
	void *arg;
};

static void compare_trees(
    struct compare *c, const struct object_id *old_tree, const struct object_id *new_tree);

static void
tell(struct compare *c, const struct tree_entry *old_entry, const struct tree_entry *new_entry)
{
	const struct tree_entry *any = new_entry != NULL ? new_entry : old_entry;
	const struct object_id *old_tree =
	    old_entry != NULL && old_entry->is_tree ? &old_entry->id : NULL;
	const struct object_id *new_tree =
	    new_entry != NULL && new_entry->is_tree ? &new_entry->id : NULL;
	bool file = (old_entry != NULL && !old_entry->is_tree) ||
		    (new_entry != NULL && !new_entry->is_tree);
	size_t len = c->path.len;

	if (len > 0)
		str_putc(&c->path, '/');
	str_append(&c->path, any->name.data, any->name.len);
	if (file)
		c->fn(c->arg, str_text(&c->path));
	if (old_tree != NULL || new_tree != NULL)
		compare_trees(c, old_tree, new_tree);
	str_splice(&c->path, len, c->path.len - len, NULL, 0);
}

/* As git sorts them: the name of a folder ends in a slash. */
static int
order(const struct tree_entry *a, const struct tree_entry *b)
{
	size_t both = a->name.len < b->name.len ? a->name.len : b->name.len;
	int diff = memcmp(a->name.data, b->name.data, both);
	unsigned char x, y;

	if (diff != 0)
		return diff;
	x = a->name.len > both ? (unsigned char)a->name.data[both] : a->is_tree ? '/' : '\0';
	y = b->name.len > both ? (unsigned char)b->name.data[both] : b->is_tree ? '/' : '\0';
	return (x > y) - (x < y);
}

static void
compare_entries(struct compare *c, struct bytes old_rest, struct bytes new_rest)
{
	struct tree_entry a, b;
	bool has_a = tree_entry_next(&old_rest, &a), has_b = tree_entry_next(&new_rest, &b);

	while (has_a || has_b) {
		int diff = !has_a ? 1 : !has_b ? -1 : order(&a, &b);

		if (diff < 0)
			tell(c, &a, NULL);
		else if (diff > 0)
			tell(c, NULL, &b);
		else if (memcmp(&a.id, &b.id, sizeof a.id) != 0)
			tell(c, &a, &b);
		if (diff <= 0)
			has_a = tree_entry_next(&old_rest, &a);
		if (diff >= 0)
			has_b = tree_entry_next(&new_rest, &b);
	}
}

static void
compare_trees(
    struct compare *c, const struct object_id *old_tree, const struct object_id *new_tree)
{
	struct git2_object a = GIT2_OBJECT_EMPTY, b = GIT2_OBJECT_EMPTY;

	if (c->depth >= TREE_DEPTH_MAX)
		return;
	c->depth++;
	if (old_tree != NULL)
		git2_object_read(c->g, old_tree->bytes, &a);
	if (new_tree != NULL)
		git2_object_read(c->g, new_tree->bytes, &b);
	compare_entries(c, a.text, b.text);
	git2_object_fini(&a);
	git2_object_fini(&b);
	c->depth--;
}

void
tree_compare(struct git2 *g, const struct object_id *old_tree, const struct object_id *new_tree,
    tree_path_fn fn, void *arg)
{
	struct compare c = { .g = g, .path = STR_EMPTY, .fn = fn, .arg = arg };

	if (old_tree == NULL || new_tree == NULL ||
	    memcmp(old_tree, new_tree, sizeof *old_tree) != 0)
		compare_trees(&c, old_tree, new_tree);
	str_fini(&c.path);
}
