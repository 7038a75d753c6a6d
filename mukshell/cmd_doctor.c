/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_doctor.c - two samples of everything, and a list of what is odd.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "command.h"
#include "doctor.h"

#define BETWEEN_MS 1000

static const struct command_option options[] = {
	{ "for", 0, "TIME", "between the two samples; 1 s without", NULL },
	{ NULL, 0, NULL, NULL, NULL },
};

void doctor_find(struct doctor *doctor, const char *check, const char *subject, const char *format,
		 ...)
{
	struct finding *finding = &doctor->findings[doctor->count];
	va_list arguments;

	if (doctor->count == DOCTOR_FINDINGS_MAX)
		return;
	finding->check = check;
	snprintf(finding->subject, sizeof(finding->subject), "%s", subject);
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	doctor->count++;
}

void doctor_advise(struct doctor *doctor, const char *format, ...)
{
	va_list arguments;

	if (!doctor->count)
		return;
	va_start(arguments, format);
	vsnprintf(doctor->findings[doctor->count - 1].advice, sizeof(doctor->findings->advice),
		  format, arguments);
	va_end(arguments);
}

const struct dvk_procinfo *doctor_earlier(const struct doctor *doctor, const struct dvk_procinfo *p)
{
	const struct dvk_procinfo *earlier = inspect_find(doctor->before.in, p->endpoint);

	return earlier && earlier->incarnation == p->incarnation ? earlier : NULL;
}

static void print_json(const struct doctor *doctor)
{
	json_t *array = json_array(), *object = json_object();

	for (int i = 0; i < doctor->count; i++) {
		const struct finding *finding = &doctor->findings[i];
		json_t *one = json_object();

		json_object_set_new(one, "check", inspect_json_string(finding->check));
		json_object_set_new(one, "subject", inspect_json_string(finding->subject));
		json_object_set_new(one, "text", inspect_json_string(finding->text));
		json_object_set_new(one, "advice", inspect_json_string(finding->advice));
		json_array_append_new(array, one);
	}
	json_object_set_new(object, "odd", array);
	json_object_set_new(object, "between", json_real((double)doctor->between_ns / 1e9));
	inspect_json_print(object, doctor->shell->out);
}

static int print(const struct doctor *doctor)
{
	FILE *out = doctor->shell->out;

	if (doctor->shell->json)
		print_json(doctor);
	for (int i = 0; i < doctor->count && !doctor->shell->json; i++) {
		const struct finding *finding = &doctor->findings[i];

		fprintf(out, "%-8s %s: %s\n", finding->check, finding->subject, finding->text);
		if (finding->advice[0])
			fprintf(out, "%-8s %s\n", "", finding->advice);
	}
	if (!doctor->count && !doctor->shell->json)
		fprintf(out, "nothing is odd\n");
	return doctor->count ? shell_error(doctor->shell, 0, "%d odd", doctor->count) : 0;
}

/* A file has one sample only: what grows is not seen there. */
static int sample(struct doctor *doctor, long ms)
{
	struct shell *shell = doctor->shell;
	int error = look_begin(shell, &doctor->before);

	if (error)
		return error;
	if (shell->view && shell_sleep(shell, ms))
		error = shell_error(shell, EDVSINTR, "interrupted");
	if (!error)
		error = look_begin(shell, &doctor->now);
	if (error) {
		look_end(&doctor->before);
		return error;
	}
	doctor->between_ns = doctor->now.snapshot->taken_ns - doctor->before.snapshot->taken_ns;
	return 0;
}

static int doctor_run(struct shell *shell, const struct arguments *arguments)
{
	struct doctor doctor = { .shell = shell };
	const char *word = argument_option(arguments, "for");
	long ms = BETWEEN_MS;
	int error = word ? shell_duration(shell, word, &ms) : 0;

	if (error)
		return error;
	doctor.findings = calloc(DOCTOR_FINDINGS_MAX + 1, sizeof(*doctor.findings));
	if (!doctor.findings)
		return shell_error(shell, EDVSNOMEM, "findings");
	error = sample(&doctor, ms);
	if (!error) {
		doctor_processes(&doctor);
		doctor_servers(&doctor);
		error = print(&doctor);
		look_end(&doctor.before);
		look_end(&doctor.now);
	}
	free(doctor.findings);
	return error;
}

const struct command command_doctor = {
	.name = "doctor",
	.group = GROUP_LOOK,
	.summary = "look for what is odd, in two samples",
	.details =
		"Waits and requests without a reply that are older than a second, circles, "
		"queues that grow, tasks that spin, slots of the dead, threads that are stopped, "
		"messages that are held, stacks that are nearly full, clients with many open "
		"files, errors of devices, the disk's counts against its bitmaps, changes that "
		"are not written, a recorder that loses events. Nobody is asked anything. It "
		"fails when something is odd, so that scripts may ask.",
	.example = "doctor --for 200ms",
	.json = "one object:\n"
		"odd      array of {check, subject, text, advice}; check is one of wait, reply, "
		"circle, queue, spin, dead, stopped, debugger, lock, keeper, slots, losses, stack, "
		"files, device, disk\n"
		"between  seconds between the samples",
	.options = options,
	.run = doctor_run,
};
