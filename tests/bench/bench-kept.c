/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a stanza takes of the heap that was written and is not acknowledged (A2): of as many as a session
 * keeps of them, what is free again when all are. */

#include "acks-peer.h"
#include "bench.h"

#define STANZAS 1024
/* 150 octets when they are written. */
#define WORDS "Wherefore art thou, Romeo? Deny thy father and refuse thy name."

typedef struct
{
  TlsStage stage;
  TlsPeer *peer;
  Xep174Session *session;
  guint confirmed;
} Keeper;

static void
on_confirmed (Xep174SessionManager *manager,
              Xep174Session        *session,
              Xep174Element        *stanza,
              Keeper               *self)
{
  self->confirmed++;
}

/* All of them, and what the peer has read is forgotten there. */
static void
say_all (Keeper *self)
{
  for (guint i = 0; i < STANZAS; i++)
    {
      g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
      Xep174Element *body = xep174_element_append_new (message, "body", "jabber:client");

      xep174_element_set_attribute (message, "type", "chat");
      xep174_element_set_attribute (message, "id", "4f1c");
      xep174_element_append_text (body, WORDS);
      xep174_session_send_async (self->session, message, NULL, NULL, NULL);
      tls_peer_settle (self->peer);
      g_string_free (self->peer->text, TRUE);
      self->peer->text = g_string_new (NULL);
    }
}

static void
acknowledge (Keeper *self,
             guint   h)
{
  g_autofree char *answer = g_strdup_printf ("<a" SM_NS " h='%u'/>", h);

  tls_peer_say (self->peer, answer);
  if (self->confirmed != h)
    g_error ("%u of %u stanzas are acknowledged", self->confirmed, h);
}

int
main (int   argc,
      char *argv[])
{
  Keeper self = { .confirmed = 0 };
  g_autofree char *id = NULL;
  gsize kept;

  bench_without_cache (argv);
  bench_progress ("heap of what is not acknowledged");
  tls_stage_set_up (&self.stage, JULIET);
  self.peer = acks_open_in (&self.stage, &id);
  self.session = xep174_session_manager_ensure_session (self.stage.raw.manager, ROMEO, NULL);
  g_signal_connect (self.stage.raw.manager, "stanza-confirmed",
                    G_CALLBACK (on_confirmed), &self);

  /* Once so that buffers have grown. */
  say_all (&self);
  acknowledge (&self, STANZAS);
  say_all (&self);
  kept = bench_get_heap ();
  acknowledge (&self, 2 * STANZAS);
  BENCH_ROW (.group = "memory", .name = "heap of a 150-octet stanza not acknowledged, of 1,024",
             .unit = "KB", .value = (kept - bench_get_heap ()) / STANZAS / 1000.0, .target = 1.2);

  g_object_unref (self.session);
  tls_peer_free (self.peer);
  return 0;
}
