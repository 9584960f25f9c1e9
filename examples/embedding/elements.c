/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Octets to elements and back, and nothing else of ours: your sockets, your loop, no main loop of
 * GLib. Both ends are in this program; each is one half of a pair of sockets. */

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xep174/xep174.h>

#define NS_STREAMS "http://etherx.jabber.org/streams"

typedef struct
{
  int                 fd;
  const char         *name;
  const char         *other;
  gboolean            initiator;
  gboolean            footer_sent;
  gboolean            done;
  Xep174StreamParser *parser;
} End;

/* One stanza is one write. A program with much to say has to be ready for a short one. */
static void
put (End  *end,
     char *xml)
{
  size_t length = strlen (xml);

  if (write (end->fd, xml, length) != (ssize_t) length)
    perror (end->name);
  g_free (xml);
}

static void
put_element (End           *end,
             Xep174Element *element)
{
  g_autoptr(GError) error = NULL;
  char *xml = xep174_stream_write_element (element, end->name, end->other, &error);

  if (xml != NULL)
    put (end, xml);
  else
    fprintf (stderr, "%s: %s\n", end->name, error->message);
}

static void
put_footer (End *end)
{
  if (!end->footer_sent)
    put (end, g_strdup (XEP174_STREAM_FOOTER));
  end->footer_sent = TRUE;
}

static void
say (End        *end,
     const char *text)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), text);
  put_element (end, message);
}

/* The recipient answers a header with its own, and with features (XEP-0174 §7). */
static void
on_header (End           *end,
           Xep174Element *header)
{
  g_autoptr(Xep174Element) features = xep174_element_new ("features", NS_STREAMS);

  printf ("%s: a stream from %s\n", end->name, xep174_element_get_attribute (header, "from"));
  if (end->initiator)
    return;

  put (end, xep174_stream_write_header (end->name, end->other, "1"));
  put_element (end, features);
}

static void
on_element (End           *end,
            Xep174Element *element)
{
  g_autofree char *body = xep174_element_dup_child_text (element, "body", NULL);

  if (xep174_element_matches (element, "features", NS_STREAMS))
    say (end, "Wherefore art thou?");
  else if (body != NULL)
    {
      printf ("%s: %s says “%s”\n", end->name, xep174_element_get_attribute (element, "from"),
              body);
      /* S1: only now, after the initiator's first stanza, the recipient may send one. */
      if (end->initiator)
        put_footer (end);
      else
        say (end, "Here & <now>");
    }
}

/* RFC 6120 §4.9: the error that a parser reports is the one that the other side is to be told. */
static void
on_error (End    *end,
          GError *error)
{
  printf ("%s: %s\n", end->name, error->message);
  put (end, xep174_stream_write_error (error->code, error->message));
  put_footer (end);
  end->done = TRUE;
}

static void
on_octets (End          *end,
           const guint8 *octets,
           size_t        length)
{
  Xep174StreamItem item;

  xep174_stream_parser_feed (end->parser, octets, length);
  do
    {
      g_autoptr(Xep174Element) element = NULL;
      g_autoptr(GError) error = NULL;

      item = xep174_stream_parser_next (end->parser, &element, &error);
      if (item == XEP174_STREAM_ITEM_HEADER)
        on_header (end, element);
      else if (item == XEP174_STREAM_ITEM_ELEMENT)
        on_element (end, element);
      else if (item == XEP174_STREAM_ITEM_ERROR)
        on_error (end, error);
      else if (item == XEP174_STREAM_ITEM_FOOTER)
        {
          printf ("%s: the end\n", end->name);
          put_footer (end);
          end->done = TRUE;
        }
    }
  while (item != XEP174_STREAM_ITEM_NONE && !end->done);
}

/* Any loop will do that tells when a socket can be read. */
static void
run (End *ends)
{
  struct pollfd fds[2] = { { ends[0].fd, POLLIN }, { ends[1].fd, POLLIN } };

  while (!(ends[0].done && ends[1].done) && poll (fds, 2, -1) > 0)
    for (int i = 0; i < 2; i++)
      {
        guint8 octets[512];
        ssize_t length = fds[i].revents != 0 ? read (fds[i].fd, octets, sizeof octets) : 0;

        if (length > 0)
          on_octets (&ends[i], octets, length);
        else if (fds[i].revents != 0)
          ends[i].done = TRUE;
      }
}

int
main (void)
{
  End ends[2] = {
    { .name = "juliet@capulet", .other = "romeo@montague", .initiator = TRUE },
    { .name = "romeo@montague", .other = "juliet@capulet" },
  };
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    return 1;

  for (int i = 0; i < 2; i++)
    {
      ends[i].fd = fds[i];
      ends[i].parser = xep174_stream_parser_new ();
    }
  put (&ends[0], xep174_stream_write_header (ends[0].name, ends[0].other, NULL));
  run (ends);

  for (int i = 0; i < 2; i++)
    {
      close (ends[i].fd);
      g_object_unref (ends[i].parser);
    }
  return 0;
}
