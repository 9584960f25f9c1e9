/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has reached the other program, and what was shown there. */

#include "parsed.h"
#include "with-features.h"
#include "xep174-feature-host.h"
#include "xep174-receipts.h"

#include <string.h>

#define NS "urn:xmpp:receipts"
#define NS_MARKERS "urn:xmpp:chat-markers:0"
#define BOTH "<feature var='" NS "'/><feature var='" NS_MARKERS "'/>"
#define OURS(attributes, content) \
  "<message from='juliet@capulet' to='romeo@montague'" attributes ">" content "</message>"

static void
on_received (Raw        *raw,
             const char *contact,
             const char *id)
{
  g_string_append_printf (raw->stage->log, "%s received %s\n", contact, id);
}

static void
on_displayed (Raw        *raw,
              const char *contact,
              const char *id)
{
  g_string_append_printf (raw->stage->log, "%s displayed %s\n", contact, id);
}

static Xep174Receipts *
add (Raw *raw)
{
  Xep174Receipts *receipts = xep174_receipts_new ();

  g_signal_connect_swapped (receipts, "received", G_CALLBACK (on_received), raw);
  g_signal_connect_swapped (receipts, "displayed", G_CALLBACK (on_displayed), raw);
  raw_add_feature (raw, XEP174_FEATURE (receipts));
  return receipts;
}

static void
test_asked (Raw           *raw,
            gconstpointer  data)
{
  Xep174Receipts *receipts = add (raw);
  MemoryStream *end = raw_open_to (raw, BOTH);

  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client' id='7'><body>hi</body></message>", NULL);
  stage_settle (raw->stage);
  g_free (memory_stream_hear (end));
  raw_say (raw, end, "<message><received xmlns='" NS "' id='7'/></message>"
                     "<message><displayed xmlns='" NS_MARKERS "' id='7'/></message>");
  g_free (stage_take_log (raw->stage));
  xep174_receipts_send_displayed (receipts, raw->peer, "1");
  raw_hear (raw, end, OURS (" type='chat'", "<displayed xmlns='" NS_MARKERS "' id='1'/>"));
}

/* The signals, and what else of the stanza others see. */
static void
test_told (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end;

  add (raw);
  end = raw_open_to (raw, "");
  raw_say (raw, end, "<message><received xmlns='" NS "' id='7'/></message>");
  raw_log (raw, "romeo@montague received 7\n");
  raw_say (raw, end, "<message><displayed xmlns='" NS_MARKERS "' id='8'/></message>");
  raw_log (raw, "romeo@montague displayed 8\n");
  /* Whoever asks is answered, once, and not for a receipt. */
  raw_say (raw, end, "<message id='9'><body>hi</body><request xmlns='" NS "'/>"
                     "<markable xmlns='" NS_MARKERS "'/></message>");
  raw_log (raw, "got hi\n");
  raw_hear (raw, end, OURS (" type='chat'", "<received xmlns='" NS "' id='9'/>"));
  raw_say (raw, end, "<message id='10'><received xmlns='" NS "' id='9'/><request xmlns='" NS "'/></message>");
  raw_hear (raw, end, "");
  raw_say (raw, end, "<message><body>no id</body><request xmlns='" NS "'/></message>");
  raw_hear (raw, end, "");
  g_free (stage_take_log (raw->stage));
}

static Xep174Element *
decorated (Raw        *raw,
           const char *xml)
{
  Xep174Element *message = parse_own (xml);

  xep174_feature_host_send_async (XEP174_FEATURE_HOST (raw->manager), raw->peer, message, NULL, NULL, NULL);
  return message;
}

/* Only who can answer is asked, and only for what has a text and an id. */
static void
test_whom (Raw           *raw,
           gconstpointer  data)
{
  static const struct
  {
    const char *features;
    const char *xml;
    gboolean asks;
  } cases[] = {
    { BOTH, "<message xmlns='jabber:client' id='7'><body>hi</body></message>", TRUE },
    { BOTH, "<message xmlns='jabber:client'><body>hi</body></message>", FALSE },
    { BOTH, "<message xmlns='jabber:client' id='7'><subject>hi</subject></message>", FALSE },
    { "", "<message xmlns='jabber:client' id='7'><body>hi</body></message>", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) message = NULL;
      Raw own;

      raw_set_up (&own, raw->local);
      add (&own);
      raw_open_to (&own, cases[i].features);
      message = decorated (&own, cases[i].xml);
      g_assert_cmpint (xep174_element_find_child (message, "request", NS) != NULL, ==, cases[i].asks);
      g_assert_cmpint (xep174_element_find_child (message, "markable", NS_MARKERS) != NULL, ==,
                       cases[i].asks);
      stage_settle (own.stage);
      raw_tear_down (&own, raw->local);
    }
}

/* The contact answers the one question that is there. */
static void
answer_info (Raw          *raw,
             MemoryStream *end,
             const char   *features)
{
  g_autofree char *heard = NULL;
  g_autofree char *iq = NULL;
  char *id;

  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  id = strstr (heard, " id='");
  g_assert_nonnull (id);
  g_assert_null (strstr (heard, "displayed"));
  iq = g_strdup_printf ("<iq type='result' id='%.16s'><query xmlns='http://jabber.org/protocol/disco#info'>"
                        "%s</query></iq>", id + strlen (" id='"), features);
  raw_say (raw, end, iq);
}

/* What was seen before it is known what the contact's program can do is said once that is known; only the
 * last of it is of use (XEP-0333 §4.2). */
static void
test_kept (Raw           *raw,
           gconstpointer  data)
{
  static const struct
  {
    const char *features;
    gboolean removed;
    const char *expected;
  } cases[] = {
    { BOTH, FALSE, OURS (" type='chat'", "<displayed xmlns='" NS_MARKERS "' id='9'/>") },
    { BOTH, TRUE, "" },
    { "", FALSE, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Receipts) receipts = NULL;
      MemoryStream *end;
      Raw own;

      raw_set_up (&own, raw->local);
      receipts = g_object_ref (add (&own));
      end = raw_open_recipient (&own);
      xep174_receipts_send_displayed (receipts, own.peer, "8");
      xep174_receipts_send_displayed (receipts, own.peer, "9");
      if (cases[i].removed)
        xep174_feature_host_remove_feature (XEP174_FEATURE_HOST (own.manager), XEP174_FEATURE (receipts));
      answer_info (&own, end, cases[i].features);
      raw_hear (&own, end, cases[i].expected);
      raw_tear_down (&own, raw->local);
    }
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/receipts/asked", test_asked);
  ADD ("/receipts/told", test_told);
  ADD ("/receipts/whom", test_whom);
  ADD ("/receipts/kept", test_kept);
  return g_test_run ();
}
