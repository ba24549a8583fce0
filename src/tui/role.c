/* The table of roles. */
#include "slipway/tui/role.h"

#include <string.h>

const struct role_info role_info[ROLE_COUNT] = {
#define ROLE(id, role_name, role_letter, role_like, role_mono, text)                               \
	[ROLE_##id] = { .name = (role_name),                                                       \
		.meaning = (text),                                                                 \
		.letter = (role_letter),                                                           \
		.like = ROLE_##role_like,                                                          \
		.mono = (role_mono) },
#include "slipway/tui/roles.def"
#undef ROLE
};

enum role
role_find(const char *name)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(role_info[i].name, name) == 0)
			return (enum role)i;
	return ROLE_COUNT;
}
