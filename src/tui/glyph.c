/* What a text is drawn with. Knows no surface. */
#include "glyph.h"

#include <stdint.h>
#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/utf8.h"

/* Signs that Slipway itself draws. They differ among each other in ASCII as well, because meaning
 * hangs on them. */
static const struct {
	const char *from;
	char to;
} ascii[] = {
	{ "✓", '+' },
	{ "✗", 'x' },
	{ "–", '-' },
	{ "−", '-' },
	{ "—", '-' },
	{ "◜", 'o' },
	{ "◝", 'o' },
	{ "◞", 'o' },
	{ "◟", 'o' },
	{ "·", '.' },
	{ "▸", '>' },
	{ "▾", 'v' },
	{ "═", '=' },
	{ "│", '|' },
	{ "─", '-' },
	{ "┬", '+' },
	{ "┴", '+' },
	{ "┼", '+' },
	{ "├", '+' },
	{ "┤", '+' },
	{ "┌", '+' },
	{ "┐", '+' },
	{ "└", '+' },
	{ "┘", '+' },
	{ "█", '#' },
	{ "▉", '#' },
	{ "▊", '#' },
	{ "▋", '=' },
	{ "▌", '=' },
	{ "▍", '=' },
	{ "▎", '-' },
	{ "▏", '-' },
	{ "→", '>' },
	{ "←", '<' },
	{ "↑", '^' },
	{ "↓", 'v' },
	{ "…", '~' },
	{ "◷", '@' },
	{ "●", '*' },
	{ "○", 'o' },
	{ "▼", 'v' },
	{ "▲", '^' },
	{ "‹", '<' },
	{ "›", '>' },
	{ "“", '"' },
	{ "”", '"' },
	{ "‘", '\'' },
	{ "’", '\'' },
	{ "•", '*' },
	{ "×", 'x' },
	{ "╱", '/' },
	{ "┃", '|' },
	{ "━", '=' },
};

size_t
glyph_next(const char *text, size_t len, struct glyph *out)
{
	uint32_t cp = 0;
	size_t used = utf8_decode(text, len, &cp);

	if (used > 0 && !sanitise_is_unsafe(cp)) {
		int width = utf8_cp_width(cp);

		out->kind = width > 0 ? GLYPH_PLAIN : GLYPH_MARK;
		out->cells = width > 0 ? width : 0;
		memcpy(out->text, text, used);
		out->len = used;
		/* Variation selectors change the width in some terminals and not in others. */
		if (cp >= 0xfe00 && cp <= 0xfe0f)
			out->len = 0;
		return used;
	}
	used = used > 0 ? used : 1;
	out->kind = GLYPH_SPELLED;
	sanitise_line(text, used, out->text, sizeof out->text);
	out->len = strlen(out->text);
	out->cells = (int)out->len;
	return used;
}

void
glyph_to_ascii(struct glyph *g)
{
	if (g->kind == GLYPH_MARK) {
		g->len = 0;
		return;
	}
	if (g->kind != GLYPH_PLAIN || (unsigned char)g->text[0] < 0x80)
		return;
	for (size_t i = 0; i < ARRAY_LEN(ascii); i++) {
		if (strlen(ascii[i].from) == g->len &&
		    memcmp(ascii[i].from, g->text, g->len) == 0) {
			g->text[0] = ascii[i].to;
			g->len = 1;
			return;
		}
	}
	memcpy(g->text, "??", 2);
	g->len = (size_t)g->cells;
	/* Two narrow cells take the place of a wide one. */
	if (g->cells == 2)
		g->kind = GLYPH_SPELLED;
}
