/* Raw commits and trees. */
#include "objects.h"

#include <string.h>


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
	out->is_run = space - rest->data == 6 && (rest->data[3] & 1) != 0;
	out->name = (struct bytes) { space + 1, (size_t)(nul - space - 1) };
	memcpy(out->id.bytes, nul + 1, OBJECT_ID_SIZE);
	*rest = (struct bytes) { nul + 1 + OBJECT_ID_SIZE,
		(size_t)(end - nul - 1 - OBJECT_ID_SIZE) };
	return true;
}
