/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same through real sessions, as a program would use them. */

#include "talk.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "inputs.h"
#include "xep174-feature-host.h"
#include "xep174-session-manager.h"

static const char *const names[] = { "juliet@pronto", "romeo@forza" };

typedef struct
{
  Xep174SessionManager *manager;
  Xep174Session *session;
  gboolean is_first;
  guint left;
} End;

/* TALK_OCTETS when it is written. Nobody asks what became of it, as nobody does in the others. */
static void
say (Xep174Session *session,
     const char    *text)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body;

  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_set_attribute (message, "id", "4f1c");
  body = xep174_element_append_new (message, "body", "jabber:client");
  xep174_element_append_text (body, text);
  xep174_session_send_async (session, message, NULL, NULL, NULL);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           End                  *end)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body == NULL)
    return FALSE;

  if (!end->is_first || --end->left > 0)
    say (session, body);
  return TRUE;
}

/* Whether <sm/> is in the features: the linker (--wrap) puts ours before the library's own function. */
static gboolean acknowledges;

void __real_xep174_slot_send_features (gpointer            slot,
                                       const char * const *announces,
                                       gboolean            acks);
void __wrap_xep174_slot_send_features (gpointer            slot,
                                       const char * const *announces,
                                       gboolean            acks);

void
__wrap_xep174_slot_send_features (gpointer            slot,
                                  const char * const *announces,
                                  gboolean            acks)
{
  __real_xep174_slot_send_features (slot, announces, acks && acknowledges);
}

static gpointer
begin (int      fd,
       gboolean is_first,
       gboolean encrypts)
{
  End *end = g_new0 (End, 1);
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = encrypts ? xep174_identity_generate (&error) : NULL;

  end->is_first = is_first;
  end->manager = xep174_session_manager_new (names[!is_first], NULL);
  xep174_session_manager_set_identity (end->manager, identity);
  g_object_set (end->manager, "address-policy", XEP174_ADDRESS_POLICY_TRUST, NULL);
  g_signal_connect (end->manager, "stanza-received", G_CALLBACK (on_stanza), end);
  stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  if (!xep174_session_manager_add_connection (end->manager, stream,
                                              is_first ? XEP174_SESSION_ROLE_INITIATOR
                                                       : XEP174_SESSION_ROLE_RECIPIENT,
                                              names[is_first], &error))
    g_error ("%s", error->message);
  end->session = xep174_session_manager_ensure_session (end->manager, names[is_first], &error);
  return end;
}

static gpointer
start (int      fd,
       gboolean is_first)
{
  return begin (fd, is_first, FALSE);
}

static gpointer
start_sealed (int      fd,
              gboolean is_first)
{
  acknowledges = TRUE;
  return begin (fd, is_first, TRUE);
}

static gpointer
start_pinged (int      fd,
              gboolean is_first)
{
  acknowledges = FALSE;
  return begin (fd, is_first, TRUE);
}

typedef Xep174Feature BenchFeature;
typedef Xep174FeatureClass BenchFeatureClass;
GType bench_feature_get_type (void);
G_DEFINE_TYPE (BenchFeature, bench_feature, XEP174_TYPE_FEATURE)

static void
bench_feature_class_init (BenchFeatureClass *klass)
{
}

static void
bench_feature_init (BenchFeature *self)
{
}

static gpointer
start_featured (int      fd,
                gboolean is_first)
{
  End *end = start (fd, is_first);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *payload = g_strdup_printf ("urn:example:%u", i);
      const char *payloads[] = { payload, NULL };
      g_autoptr(Xep174Feature) feature = g_object_new (bench_feature_get_type (), "payloads", payloads,
                                                       NULL);

      xep174_feature_host_add_feature (XEP174_FEATURE_HOST (end->manager), feature, NULL);
    }
  return end;
}

static void
ping (gpointer data,
      guint    count)
{
  End *end = data;

  end->left = count;
  say (end->session, "Wherefore art thou, Romeo? Deny thy father and refuse thy name.");
  while (end->left > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* So that the one is not measured for the other. */
static void
ping_sealed (gpointer data,
             guint    count)
{
  End *end = data;

  ping (end, count);
  g_assert_cmpint (xep174_session_get_acknowledged (end->session), ==, acknowledges);
}

static void
serve (gpointer data)
{
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

const TalkKind talk_featured = { "libxep174, ten features", TRUE, start_featured, ping, serve };
const TalkKind talk_session = { "libxep174", TRUE, start, ping, serve };
const TalkKind talk_sealed = { "libxep174", TRUE, start_sealed, ping_sealed, serve };
const TalkKind talk_pinged = { "libxep174, with pings", TRUE, start_pinged, ping_sealed, serve };

/* --- Against a plain peer ------------------------------------------------------------------- */

static void
plain_say (int         fd,
           const char *text,
           const char *answer)
{
  gsize length = 0;
  char octets[4096];

  if (send (fd, text, strlen (text), 0) < 0)
    g_error ("send: %s", g_strerror (errno));
  do
    {
      gssize part = recv (fd, octets + length, sizeof octets - length, 0);

      if (part <= 0)
        g_error ("The other end is gone");
      length += part;
    }
  while (memmem (octets, length, answer, strlen (answer)) == NULL);
}

/* Without a version, so that nothing is asked of us. */
static gpointer
half_start (int      fd,
            gboolean is_first)
{
  if (!is_first)
    return start (fd, is_first);

  plain_say (fd, "<stream:stream xmlns='jabber:client' from='juliet@pronto' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>", "<stream:stream");
  return GINT_TO_POINTER (fd);
}

static void
half_ping (gpointer fd,
           guint    count)
{
  for (; count > 0; count--)
    plain_say (GPOINTER_TO_INT (fd), INPUT_SHORT, "</message>");
}

const TalkKind talk_half = { "one session and a plain peer", FALSE, half_start, half_ping, serve };
