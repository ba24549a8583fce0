/* The vocabulary between widgets and themes: roles from roles.def, and attributes. */
#ifndef SLIPWAY_TUI_ROLE_H
#define SLIPWAY_TUI_ROLE_H

enum role {
#define ROLE(id, name, letter, like, mono, meaning) ROLE_##id,
#include "slipway/tui/roles.def"
#undef ROLE
	ROLE_COUNT
};

enum attr {
	ATTR_BOLD = 1 << 0,
	ATTR_DIM = 1 << 1,
	ATTR_ITALIC = 1 << 2,
	ATTR_UNDERLINE = 1 << 3,
	ATTR_REVERSE = 1 << 4,
	/* Grounds: the background of another role lies under the cell's own colour. */
	ATTR_CURSOR = 1 << 5, /* of ROLE_CURSOR: the selected line */
	ATTR_CARD = 1 << 6,   /* of ROLE_CARD */
	ATTR_HEADER = 1 << 7, /* of ROLE_HEADER */
};

struct role_info {
	const char *name;
	const char *meaning;
	char letter;	    /* in the role map of a dump */
	unsigned char like; /* enum role; itself for the root */
	unsigned char mono; /* attributes when there are no colours */
};

extern const struct role_info role_info[ROLE_COUNT];

/* ROLE_COUNT when no role has that name. */
enum role role_find(const char *name);

#endif
