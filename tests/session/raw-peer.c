/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raw-peer.h"

void
raw_set_up (Raw           *raw,
            gconstpointer  data)
{
  raw->stage = stage_new ();
  raw->local = data;
  raw->peer = g_str_equal (data, "juliet@capulet") ? "romeo@montague" : "juliet@capulet";
  raw->manager = stage_manager_new (raw->stage, raw->local);
  raw->ends = g_ptr_array_new_with_free_func (g_object_unref);
}

void
raw_tear_down (Raw           *raw,
               gconstpointer  data)
{
  if (raw->manager != NULL)
    g_assert_finalize_object (raw->manager);
  stage_settle (raw->stage);
  g_ptr_array_unref (raw->ends);
  stage_free (raw->stage);
}

MemoryStream *
raw_come_in (Raw *raw)
{
  MemoryStream *near_end;
  MemoryStream *far_end;
  g_autoptr(GError) error = NULL;

  memory_stream_new_pair (&near_end, &far_end);
  g_ptr_array_add (raw->ends, far_end);
  xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (near_end),
                                         XEP174_SESSION_ROLE_RECIPIENT, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (near_end);
  stage_settle (raw->stage);
  return far_end;
}

gboolean
raw_is_dialled (Raw *raw)
{
  stage_settle (raw->stage);
  return stage_next_dial (raw->stage) != NULL;
}

MemoryStream *
raw_answer (Raw *raw)
{
  MemoryStream *end;

  g_assert_true (raw_is_dialled (raw));
  end = stage_accept (raw->stage, stage_next_dial (raw->stage));
  g_ptr_array_add (raw->ends, end);
  stage_settle (raw->stage);
  return end;
}

void
raw_refuse (Raw *raw)
{
  g_assert_true (raw_is_dialled (raw));
  stage_refuse (raw->stage, stage_next_dial (raw->stage));
  stage_settle (raw->stage);
}

void
raw_say (Raw          *raw,
         MemoryStream *end,
         const char   *text)
{
  memory_stream_say (end, text);
  stage_settle (raw->stage);
}

void
raw_say_header (Raw          *raw,
                MemoryStream *end,
                gboolean      legacy)
{
  g_autofree char *header = NULL;

  header = g_strdup_printf ("<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES
                            " from='%s' to='%s'%s>", raw->peer, raw->local,
                            legacy ? "" : " version='1.0'");
  raw_say (raw, end, header);
}

void
raw_say_message (Raw          *raw,
                 MemoryStream *end,
                 const char   *body)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("<message from='%s' to='%s'><body>%s</body></message>", raw->peer,
                          raw->local, body);
  raw_say (raw, end, text);
}

/* Without the times at which something was said (F9). */
static char *
hear (Raw          *raw,
      MemoryStream *end)
{
  g_autoptr(GRegex) delay = g_regex_new ("<delay xmlns='urn:xmpp:delay'[^>]*/>", 0, 0, NULL);
  g_autoptr(GRegex) id = g_regex_new ("(to='[^']*'|from='[^']*') id='[0-9a-f]{8}' version", 0, 0,
                                      NULL);
  g_autofree char *heard = NULL;
  g_autofree char *words = NULL;

  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  words = g_regex_replace (delay, heard, -1, 0, "", 0, NULL);
  return g_regex_replace (id, words, -1, 0, "\\1 id='ID' version", 0, NULL);
}

void
raw_hear (Raw          *raw,
          MemoryStream *end,
          const char   *expected)
{
  g_autofree char *heard = hear (raw, end);

  g_assert_cmpstr (heard, ==, expected);
}

void
raw_hear_header (Raw          *raw,
                 MemoryStream *end,
                 gboolean      answer,
                 const char   *after)
{
  g_autofree char *expected = NULL;

  expected = g_strdup_printf ("<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES
                              " from='%s' to='%s'%s version='1.0'>%s", raw->local, raw->peer,
                              answer ? " id='ID'" : "", after);
  raw_hear (raw, end, expected);
}

void
raw_hear_refusal (Raw          *raw,
                  MemoryStream *end,
                  const char   *to,
                  const char   *condition)
{
  g_autofree char *attribute = to != NULL ? g_strdup_printf (" to='%s'", to) : g_strdup ("");
  g_autofree char *expected = NULL;

  expected = g_strdup_printf ("<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES
                              " from='%s'%s id='ID' version='1.0'><stream:error><%s"
                              " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                              FOOTER, raw->local, attribute, condition);
  raw_hear (raw, end, expected);
}

char *
raw_message (Raw        *raw,
             const char *body)
{
  return g_strdup_printf ("<message from='%s' to='%s'><body>%s</body></message>", raw->local,
                          raw->peer, body);
}

void
raw_log (Raw        *raw,
         const char *expected)
{
  g_autofree char *log = NULL;

  stage_settle (raw->stage);
  log = stage_take_log (raw->stage);
  g_assert_cmpstr (log, ==, expected);
}

MemoryStream *
raw_open_recipient (Raw *raw)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  raw_say_message (raw, end, "hail");
  g_free (hear (raw, end));
  g_free (stage_take_log (raw->stage));
  return end;
}

MemoryStream *
raw_open_initiator (Raw *raw)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  g_free (hear (raw, end));
  g_free (stage_take_log (raw->stage));
  return end;
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
}

void
raw_do (Raw     *raw,
        RawDeed  deed)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  g_autoptr(GIOStream) stream = NULL;

  if (session == NULL)
    return;
  if (deed == RAW_CLOSE)
    xep174_session_close_async (session, NULL, on_done, NULL);
  else if (deed == RAW_STEAL)
    stream = xep174_session_steal_stream (session, NULL);
  else
    xep174_session_send_xml_async (session, "<message xmlns='jabber:client'><body>deed</body></message>",
                                   NULL, on_done, NULL);
}
