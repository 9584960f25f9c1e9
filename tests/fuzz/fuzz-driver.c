/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a compiler without libFuzzer runs a fuzz target with: every input of its corpus, and then a
 * number of mutations of them, always the same. With a file instead of a directory: that one. */

#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LONGEST 16384

/* Where the input goes that a target has aborted on. */
#define FAILED "fuzz-failed-input"

static char trying[512];
static const guint8 *trying_octets;
static gsize trying_length;
static GPtrArray *words; /* of GBytes */

/* Async-signal-safe: tells which input it was, and keeps it. */
static void
on_abort (int number)
{
  int file = open (FAILED, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  if (write (STDOUT_FILENO, trying, strlen (trying)) < 0
      || write (file, trying_octets, trying_length) < 0)
    _exit (2);
}

static void
try_octets (const char *what,
            guint       number,
            GByteArray *octets)
{
  /* A block of its own, for a sanitizer to see what reads past it. */
  g_autofree guint8 *copy = g_malloc (MAX (octets->len, 1));

  if (octets->len > 0)
    memcpy (copy, octets->data, octets->len);

  g_snprintf (trying, sizeof trying, "\nnot ok - %s, mutation %u: it is in ./" FAILED "\n",
              what, number);
  trying_octets = copy;
  trying_length = octets->len;
  LLVMFuzzerTestOneInput (copy, octets->len);
}

static GByteArray *
load (const char *path)
{
  char *text;
  gsize length;
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents (path, &text, &length, &error))
    g_error ("%s", error->message);
  return g_byte_array_new_take ((guint8 *) text, length);
}

/* `name="text with \xHH"`, a line each, as libFuzzer has it. */
static void
load_dictionary (const char *path)
{
  g_autoptr(GByteArray) text = load (path);
  g_auto(GStrv) lines = NULL;

  g_byte_array_append (text, (const guint8 *) "", 1);
  lines = g_strsplit ((const char *) text->data, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      GByteArray *word;
      const char *at = strchr (lines[i], '"');

      if (at == NULL || lines[i][0] == '#')
        continue;
      word = g_byte_array_new ();
      for (at++; *at != '\0' && *at != '"'; at++)
        {
          guint8 octet = *at;

          if (octet == '\\' && at[1] == 'x')
            {
              octet = g_ascii_xdigit_value (at[2]) * 16 + g_ascii_xdigit_value (at[3]);
              at += 3;
            }
          else if (octet == '\\')
            octet = *++at;
          g_byte_array_append (word, &octet, 1);
        }
      g_ptr_array_add (words, g_byte_array_free_to_bytes (word));
    }
}

static void
insert (GByteArray   *octets,
        guint         at,
        const guint8 *data,
        gsize         length)
{
  guint tail = octets->len - at;

  /* Neither array has any data while it is empty. */
  if (length == 0)
    return;

  g_byte_array_set_size (octets, octets->len + length);
  memmove (octets->data + at + length, octets->data + at, tail);
  memcpy (octets->data + at, data, length);
}

static void
mutate_once (GByteArray *octets,
             GByteArray *other,
             GRand      *die)
{
  guint at = g_rand_int_range (die, 0, octets->len + 1);
  guint few = g_rand_int_range (die, 1, 9);
  guint from = other->len > 0 ? g_rand_int_range (die, 0, other->len) : 0;

  switch (g_rand_int_range (die, 0, 5))
    {
    case 0:
      if (words->len > 0)
        {
          gsize length;
          const guint8 *word = g_bytes_get_data (words->pdata[g_rand_int_range (die, 0, words->len)],
                                                 &length);

          insert (octets, at, word, length);
        }
      break;
    case 1:
      if (octets->len > 0)
        g_byte_array_remove_range (octets, MIN (at, octets->len - 1),
                                   MIN (few, octets->len - MIN (at, octets->len - 1)));
      break;
    case 2:
      if (octets->len > 0)
        octets->data[at % octets->len] = g_rand_int_range (die, 0, 256);
      break;
    case 3:
      if (octets->len > 0)
        octets->data[at % octets->len] ^= 1 << g_rand_int_range (die, 0, 8);
      break;
    default:
      insert (octets, at, other->data + from, MIN (few * few, other->len - from));
    }
}

static void
run_mutations (GPtrArray *corpus,
               guint      n)
{
  for (guint i = 0; i < n; i++)
    {
      GRand *die = g_rand_new_with_seed (i);
      g_autoptr(GByteArray) octets = g_byte_array_new ();
      GByteArray *base = corpus->pdata[g_rand_int_range (die, 0, corpus->len)];
      GByteArray *other = corpus->pdata[g_rand_int_range (die, 0, corpus->len)];

      g_byte_array_append (octets, base->data, base->len);
      for (guint times = g_rand_int_range (die, 1, 8); times > 0 && octets->len < LONGEST; times--)
        mutate_once (octets, other, die);
      try_octets ("the corpus", i, octets);
      g_rand_free (die);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
run_corpus (const char *folder)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      GByteArray *octets = load (names->pdata[i]);

      try_octets (names->pdata[i], 0, octets);
      g_ptr_array_add (corpus, octets);
    }
  return corpus;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GPtrArray) corpus = NULL;
  guint n = argc > 3 ? g_ascii_strtoull (argv[3], NULL, 10) : 0;

  if (argc == 2)
    {
      g_autoptr(GByteArray) octets = load (argv[1]);

      try_octets (argv[1], 0, octets);
      return 0;
    }

  g_assert_cmpint (argc, ==, 4);
  signal (SIGABRT, on_abort);
  signal (SIGSEGV, on_abort);
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  load_dictionary (argv[2]);
  g_print ("1..2\n");
  corpus = run_corpus (argv[1]);
  g_print ("%s 1 - /corpus\n", corpus->len > 0 ? "ok" : "not ok");
  if (corpus->len > 0)
    run_mutations (corpus, n);
  g_print ("ok 2 - /mutations\n# fuzz: %u inputs of the corpus, %u mutations of them\n",
           corpus->len, n);
  g_ptr_array_unref (words);
  return corpus->len > 0 ? 0 : 1;
}
