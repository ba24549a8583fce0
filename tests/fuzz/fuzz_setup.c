/* libFuzzer: versions and requirements in setup.cfg, setup.py, requirements files, meson.build and
 * package.json lie inside their bytes. The first byte says which it is. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "deps_files.h"
#include "places_private.h"
#include "setup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct bytes text, struct span s)
{
	if (s.at > text.len || s.len > text.len - s.at)
		abort();
}

static void
read_python(struct bytes text, struct setup_value *v, struct dep_texts *deps)
{
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct span meson;
	size_t line;

	if (py_tokenise(text, "fuzz", &tokens, NULL) == ERR_OK) {
		setup_py_version(text, &tokens, v);
		deps_of_setup_py(text, &tokens, deps);
		if (meson_version(text, &tokens, &meson, &line))
			check(text, meson);
	}
	py_tokens_fini(&tokens);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct dep_texts deps = { .items = NULL };
	struct span json = { 0, 0 };
	struct bytes text;
	const char *why;

	if (size == 0)
		return 0;
	text = (struct bytes) { (const char *)data + 1, size - 1 };
	switch (data[0] % 4) {
	case 0:
		setup_cfg_version(text, "fuzz", &v);
		deps_of_setup_cfg(text, "fuzz", &deps);
		break;
	case 1:
		read_python(text, &v, &deps);
		break;
	case 2:
		deps_of_requirements(text, &deps);
		break;
	default:
		json_version_span(text, &json, &why);
	}
	check(text, v.span);
	check(text, json);
	for (size_t i = 0; i < deps.count; i++)
		check(text, deps.items[i].span);
	setup_value_fini(&v);
	free(deps.items);
	return 0;
}
