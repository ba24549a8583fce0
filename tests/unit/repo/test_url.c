/* No credential in a URL gets through. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/repo/repo.h"

Test(url, masks_what_could_be_a_credential, .fini = leak_gate)
{
	static const struct {
		const char *text, *masked;
	} row[] = {
		{ "https://github.com/a/b.git", "https://github.com/a/b.git" },
		{ "https://user:secret@github.com/a/b", "https://***@github.com/a/b" },
		{ "https://ghp_secret@github.com/a/b", "https://***@github.com/a/b" },
		{ "HTTP://x:y@h", "HTTP://***@h" },
		{ "https://user:p@ss@host/a", "https://***@host/a" },
		{ "ssh://git@host:22/a", "ssh://git@host:22/a" },
		{ "ssh://git:secret@host/a", "ssh://git:***@host/a" },
		{ "git@github.com:a/b.git", "git@github.com:a/b.git" },
		{ "/srv/a@b/c", "/srv/a@b/c" },
		{ "https://host/path@2x://x@y", "https://host/path@2x://x@y" },
		{ "fatal: unable to access 'https://t:s@h/a/': 403 https://q@r",
		    "fatal: unable to access 'https://***@h/a/': 403 https://***@r" },
		{ "https://h/a and mail@example.org", "https://h/a and mail@example.org" },
		{ "://@", "://@" },
		{ "https://", "https://" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str out = STR_EMPTY;

		repo_mask_urls(row[i].text, strlen(row[i].text), &out);
		cr_expect_str_eq(
		    str_text(&out), row[i].masked, "%s: %s", row[i].text, str_text(&out));
		str_fini(&out);
	}
}
