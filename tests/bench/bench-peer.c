/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What one peer (peer.h) takes to read and to write.
 *
 *   bench-peer-WHO JOB…
 *
 * A JOB is SHAPE/CHUNK/COUNT, with a shape of inputs.h, to read so many stanzas in chunks of so many
 * octets, or write/0/COUNT. To begin, to read the header and what comes first do not count. */

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "inputs.h"
#include "peer.h"

typedef struct
{
  void *state;
  char *octets;
  gsize length;
  gsize chunk_size;
  char *chunk;
} Job;

/* Readers may change what they read, and want a NUL after it. */
static void
read_all (gpointer data)
{
  const Job *job = data;

  for (gsize i = 0; i < job->length; i += job->chunk_size)
    {
      gsize length = MIN (job->chunk_size, job->length - i);

      memcpy (job->chunk, job->octets + i, length);
      job->chunk[length] = '\0';
      peer.feed (job->state, job->chunk, length);
    }
}

static void
write_all (gpointer data)
{
  for (guint i = *(guint *) data; i > 0; i--)
    if (peer.write () < strlen (PEER_BODY))
      g_error ("It writes too little");
}

static void
run_write (const char *label,
           guint       count)
{
  void *state = peer.start ();
  guint once = 1;

  if (peer.write == NULL)
    g_error ("It does not write");
  write_all (&once);
  bench_job (label, write_all, &count);
  peer.stop (state);
}

static void
run_read (const char *label,
          const char *shape,
          gsize       chunk_size,
          guint       count)
{
  g_autofree char *stanza = input_stanza (shape);
  g_autofree char *begin = g_strconcat (INPUT_HEADER, stanza, NULL);
  g_autofree char *octets = input_repeat ("", stanza, count, "");
  g_autofree char *chunk = g_malloc (chunk_size + 1);
  Job job = { peer.start (), begin, strlen (begin), chunk_size, chunk };

  read_all (&job);
  job.octets = octets;
  job.length = strlen (octets);
  bench_job (label, read_all, &job);
  peer.stop (job.state);
}

int
main (int   argc,
      char *argv[])
{
  for (int i = 1; i < argc; i++)
    {
      g_auto(GStrv) parts = g_strsplit (argv[i], "/", 3);
      int chunk_size = g_strv_length (parts) == 3 ? atoi (parts[1]) : -1;

      if (chunk_size > 0)
        run_read (argv[i], parts[0], (gsize) chunk_size, (guint) atoi (parts[2]));
      else if (chunk_size == 0 && g_str_equal (parts[0], "write"))
        run_write (argv[i], (guint) atoi (parts[2]));
      else
        g_error ("%s is no SHAPE/CHUNK/COUNT", argv[i]);
    }

  return 0;
}
