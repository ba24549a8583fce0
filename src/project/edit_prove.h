/* The proof that an edit changed its versions and nothing else. Private to this layer. */
#ifndef SLIPWAY_PROJECT_EDIT_PROVE_H
#define SLIPWAY_PROJECT_EDIT_PROVE_H

#include "places_private.h"

/* AFTER is read again by the rules of F's form: all but SPLICES (by position, apart from each
 * other) must mean what it meant. ERR_FAILED otherwise. */
enum err_code edit_prove(const struct place_file *f, const struct place_splice *splices,
    size_t count, const struct str *after, struct err *e);

#endif
