/* The screen of a pseudo-terminal: what a person would see after the bytes fed to it. libvterm
 * behind it. */
#ifndef SLIPWAY_TESTS_VT_H
#define SLIPWAY_TESTS_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pty.h"

struct vt;

/* Bytes that the terminal itself sends to the program: keys, and answers to queries. */
typedef void (*vt_output_fn)(const char *data, size_t len, void *arg);

struct vt *vt_new(int rows, int cols, vt_output_fn output, void *arg);
void	       vt_free(struct vt *s);
void	       vt_feed(struct vt *s, const char *data, size_t len);
void	       vt_resize(struct vt *s, int rows, int cols);
/* One key by its name (see pty_keys); false when there is no such key. */
bool vt_key(struct vt *s, const char *name, size_t len);
void vt_type(struct vt *s, const char *text);
/* TEXT as a terminal pastes it: in brackets when the program asked for them. */
void vt_paste(struct vt *s, const char *text);
void vt_click(struct vt *s, int row, int col);
/* Without blanks at the end; borrowed until the next call for the same row. */
const char *vt_row(struct vt *s, int row);
void	    vt_cell(struct vt *s, int row, int col, struct pty_cell *out);
void	    vt_cursor(struct vt *s, int *row, int *col);
void	    vt_size(struct vt *s, int *rows, int *cols);
bool	    vt_is_alternate(const struct vt *s);
bool	    vt_is_cursor_visible(const struct vt *s);
bool	    vt_has_mouse(const struct vt *s);
/* Whether what is printed next would have colours or attributes. */
bool	    vt_has_pen(struct vt *s);
int	    vt_bells(const struct vt *s);

#endif
