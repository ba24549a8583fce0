/* One function a command; each returns the program's exit status. */
#ifndef SLIPWAY_CLI_COMMANDS_H
#define SLIPWAY_CLI_COMMANDS_H

struct options;
struct str;

int cmd_release(const struct options *o);
int cmd_plan(const struct options *o);
int cmd_status(const struct options *o);
int cmd_resume(const struct options *o);
int cmd_abort(const struct options *o);
int cmd_inspect(const struct options *o);
int cmd_check(const struct options *o);
int cmd_upload(const struct options *o);
int cmd_smoke(const struct options *o);
int cmd_index(const struct options *o);
int cmd_demo(const struct options *o);
int cmd_version(const struct options *o);
int cmd_init(const struct options *o);
int cmd_help(const struct options *o);

void help_topics(struct str *out); /* appends their names, with spaces between */

#endif
