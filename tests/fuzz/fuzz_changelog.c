/* libFuzzer: any text takes one more section, or says why not, and then has it. The first byte
 * chooses the form. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/changelog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
insert(const struct changelog *c)
{
	struct strlist entries = STRLIST_EMPTY;
	const struct changelog_group groups[] = { { "Added", &entries }, { "Fixed", &entries } };
	struct changelog_release r = {
		.version = "7.8.9", .tag = "v7.8.9", .date = "2026-11-20"
	};
	struct str body = STR_EMPTY, out = STR_EMPTY, twice = STR_EMPTY;
	struct changelog again = CHANGELOG_EMPTY;

	strlist_add(&entries, "an entry");
	changelog_compose(c, groups, 2, &body);
	r.body = (struct bytes) { str_text(&body), body.len };
	if (changelog_insert(c, &r, &out, NULL) == ERR_OK) {
		if (changelog_parse((struct bytes) { str_text(&out), out.len }, c->name, c->prefix,
			&again, NULL) != ERR_OK ||
		    changelog_insert(&again, &r, &twice, NULL) != ERR_EXISTS)
			abort();
		changelog_fini(&again);
	}
	strlist_fini(&entries);
	str_fini(&body);
	str_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "CHANGELOG.md", "CHANGES.rst", "NEWS" };
	struct changelog c = CHANGELOG_EMPTY;
	char *text;

	if (size == 0)
		return 0;
	text = mem_strndup((const char *)data + 1, size - 1);
	if (changelog_parse((struct bytes) { text, size - 1 }, names[data[0] % ARRAY_LEN(names)],
		data[0] & 0x40 ? "hatch-v" : NULL, &c, NULL) == ERR_OK) {
		insert(&c);
		changelog_fini(&c);
	}
	free(text);
	return 0;
}
