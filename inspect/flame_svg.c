/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flame_svg.c - the picture of a flame: callers below, what they called above them.
 *
 * No script, no font, no other file: any browser shows it, a box says more of itself
 * when the pointer rests on it.
 */
#include "flame.h"

#define WIDTH     1200.0
#define ROW       18
#define HEAD      30
#define NARROWEST 0.3 /* of a box that is drawn */
#define LETTER    6.6

struct picture {
	FILE *out;
	double per_ns;
	int height;
	int64_t whole_ns;
};

static void put_escaped(const char *text, int most, FILE *out)
{
	for (int i = 0; i < most && text[i]; i++)
		switch (text[i]) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc((unsigned char)text[i] < ' ' ? '?' : text[i], out);
		}
}

static int depth_of(const struct flame_node *node)
{
	int deepest = 0;

	for (; node; node = node->next) {
		int depth = 1 + depth_of(node->children);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

/* A warm colour that a name always has; waiting is grey. */
static unsigned int colour_of(const char *name)
{
	unsigned int hash = 2166136261u;

	if (name[0] == '[')
		return 0xc0c0c8;
	for (; *name && *name != '.'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (205 + hash % 50) << 16 | (90 + (hash >> 8) % 120) << 8 | (40 + (hash >> 16) % 40);
}

static void put_box(const struct picture *p, const struct flame_node *node, double x, int depth)
{
	double width = (double)node->total_ns * p->per_ns;
	int y = p->height - (depth + 1) * ROW;
	int letters = (int)((width - 4) / LETTER);
	char bytes[160];
	struct text text;

	text_init(&text, bytes, sizeof(bytes));
	text_add(&text, ": ");
	text_add_duration(&text, node->total_ns);
	text_add(&text, ", %.1f %%, itself ",
		 p->whole_ns ? 100.0 * (double)node->total_ns / (double)p->whole_ns : 0);
	text_add_duration(&text, node->own_ns);
	text_add(&text, ", %llu times", (unsigned long long)node->count);
	fprintf(p->out, "<g><title>");
	put_escaped(node->name, 64, p->out);
	put_escaped(bytes, 160, p->out);
	fprintf(p->out,
		"</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" rx=\"2\" "
		"fill=\"#%06x\"/>",
		x, y, width, ROW - 1, colour_of(node->name));
	if (letters > 2) {
		fprintf(p->out, "<text x=\"%.2f\" y=\"%d\">", x + 2, y + 13);
		put_escaped(node->name, letters, p->out);
		fprintf(p->out, "</text>");
	}
	fprintf(p->out, "</g>\n");
}

static void put_nodes(const struct picture *p, const struct flame_node *node, double x, int depth)
{
	for (; node; node = node->next) {
		double width = (double)node->total_ns * p->per_ns;

		if (width < NARROWEST)
			continue;
		put_box(p, node, x, depth);
		put_nodes(p, node->children, x, depth + 1);
		x += width;
	}
}

void flame_svg(const struct flame *flame, FILE *out)
{
	const struct flame_node *root = flame_root(flame);
	struct picture p = { .out = out,
			     .height = HEAD + depth_of(root->children) * ROW + 4,
			     .whole_ns = root->total_ns };
	char bytes[64];
	struct text text;

	p.per_ns = root->total_ns > 0 ? WIDTH / (double)root->total_ns : 0;
	text_init(&text, bytes, sizeof(bytes));
	text_add_duration(&text, root->total_ns);
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" "
		"viewBox=\"0 0 %.0f %d\" font-family=\"monospace\" font-size=\"11\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fffdf6\"/>\n"
		"<text x=\"4\" y=\"18\" font-size=\"13\">where the time of calls went: %s in "
		"all</text>\n",
		WIDTH, p.height, WIDTH, p.height, bytes);
	put_nodes(&p, root->children, 0, 0);
	fprintf(out, "</svg>\n");
}
