/* Versions in setup.cfg and setup.py that repeat the one of the authority. */
#include "places_private.h"

#include <stdlib.h>
#include <string.h>

#include "setup.h"
#include "slipway/base/mem.h"

void
places_setup_cfg(struct places *p, const struct place_search *o)
{
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct place_literal l = { .what = "metadata.version" };
	size_t file;
	struct bytes text;

	if (!places_try(p, o, &file))
		return;
	text = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	setup_cfg_version(text, o->path, &v);
	l.span = v.span;
	if (v.kind == SETUP_LITERAL)
		places_add_literal(p, o, file, &l);
	else if (v.kind == SETUP_REFUSED)
		places_add_note(p, o, v.line, l.what, mem_strdup(v.why));
	setup_value_fini(&v);
}

void
places_setup_py(struct places *p, const struct place_search *o)
{
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct place_literal l = { .what = "setup(version=)" };
	size_t file;
	struct bytes text;

	if (!places_try(p, o, &file))
		return;
	text = (struct bytes) { str_text(&p->files[file].text), p->files[file].text.len };
	setup_py_version(text, &p->files[file].tokens, &v);
	l.span = v.span;
	if (v.name != NULL)
		l.what = v.name;
	if (v.kind == SETUP_LITERAL)
		places_add_literal(p, o, file, &l);
	else if (v.kind == SETUP_REFUSED && !v.ordinary)
		places_add_note(p, o, v.line, l.what, mem_strdup(v.why));
	setup_value_fini(&v);
}
