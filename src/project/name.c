/* Names of distributions, compared as indexes do. */
#include "slipway/project/name.h"

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_joint(char c)
{
	return c == '-' || c == '_' || c == '.';
}

bool
name_is_valid(struct bytes name)
{
	if (name.len == 0 || !is_alnum(name.data[0]) || !is_alnum(name.data[name.len - 1]))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!is_alnum(name.data[i]) && !is_joint(name.data[i]))
			return false;
	return true;
}

static void
put_normal(struct bytes name, char joint, struct str *out)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (c >= 'A' && c <= 'Z')
			str_putc(out, (char)(c - 'A' + 'a'));
		else if (!is_joint(c))
			str_putc(out, c);
		else if (i == 0 || !is_joint(name.data[i - 1]))
			str_putc(out, joint);
	}
}

void
name_normal(struct bytes name, struct str *out)
{
	put_normal(name, '-', out);
}

void
name_file(struct bytes name, struct str *out)
{
	put_normal(name, '_', out);
}

bool
name_equal(struct bytes a, struct bytes b)
{
	struct str x = STR_EMPTY, y = STR_EMPTY;
	bool equal;

	name_normal(a, &x);
	name_normal(b, &y);
	equal = bytes_equal((struct bytes) { x.data, x.len }, (struct bytes) { y.data, y.len });
	str_fini(&x);
	str_fini(&y);
	return equal;
}
