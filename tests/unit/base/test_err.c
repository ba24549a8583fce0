/* Errors carry a message that is safe to print and a hint. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/err.h"

Test(err, wraps_outside_in_and_keeps_code_and_hint, .fini = leak_gate)
{
	struct err e = ERR_EMPTY;

	cr_assert_eq(err_set(&e, ERR_NOT_FOUND, "no file %s", "a"), ERR_NOT_FOUND);
	err_hint(&e, "make it");
	cr_assert_eq(err_wrap(&e, "loading %d", 7), ERR_NOT_FOUND);
	cr_assert_str_eq(e.message, "loading 7: no file a");
	cr_assert_str_eq(e.hint, "make it");
}

Test(err, names_the_system_error_and_a_way_out_of_a_full_disk, .fini = leak_gate)
{
	struct err e = ERR_EMPTY;

	errno = ENOSPC;
	cr_assert_eq(err_sys(&e, ERR_IO, "cannot write x"), ERR_IO);
	cr_assert_str_eq(e.message, "cannot write x: No space left on device");
	cr_assert(strstr(e.hint, "free some space") != NULL);
}

Test(err, spells_out_foreign_bytes, .fini = leak_gate)
{
	struct err e = ERR_EMPTY;

	err_set(&e, ERR_INVALID, "bad name \"%s\"", "a\x1b[31m\n\xff");
	cr_assert_str_eq(e.message, "bad name \"a\\x1b[31m\\n\\xff\"");
}

Test(err, cuts_a_long_message_at_a_character, .fini = leak_gate)
{
	struct err e = ERR_EMPTY;
	char	   text[3000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	err_set(&e, ERR_INVALID, "%s", text);
	cr_assert(strlen(e.message) < ERR_MESSAGE_SIZE);
	cr_assert(strlen(e.message) > ERR_MESSAGE_SIZE - 10);
}

Test(err, accepts_nobody_listening, .fini = leak_gate)
{
	cr_assert_eq(err_set(NULL, ERR_IO, "x"), ERR_IO);
	cr_assert_eq(err_wrap(NULL, "x"), ERR_FAILED);
}
