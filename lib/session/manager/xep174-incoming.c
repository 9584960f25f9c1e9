/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-incoming-private.h"

#include "xep174-element-private.h"
#include "xep174-guest-private.h"
#include "xep174-identity-private.h"
#include "xep174-name-private.h"
#include "xep174-session-private.h"
#include "xep174-stream-parser-private.h"
#include "xep174-stream-writer-private.h"
#include "xep174-tell-private.h"

/* How long somebody who is turned away has to hear it, and how many are told at a time. */
#define TURN_AWAY_MS 1000
#define TURN_AWAY_MAX 32

/* An alarm that rings while a handler of the program runs a main loop of its own rings again. */
#define BUSY_MS 20

static void process (Xep174Incoming *self);

/* --- Who is it? -------------------------------------------------------------------------- */

typedef struct
{
  Xep174Incoming *incoming;
  GCancellable *cancellable;
} Question;

static void
ask (Xep174Incoming       *self,
     const char           *claimed,
     GCancellable        **slot,
     GAsyncReadyCallback   callback)
{
  Xep174Directory *directory = self->manager->around.directory;
  Question *question = g_new0 (Question, 1);
  gboolean entered;

  *slot = g_cancellable_new ();
  question->incoming = self;
  question->cancellable = g_object_ref (*slot);
  entered = xep174_poller_enter (self->network->poller);
  xep174_directory_identify_async (directory, self->address, claimed, *slot, callback, question);
  xep174_poller_leave (self->network->poller, entered);
}

/* FALSE if the answer comes too late: the incoming stream may be gone. */
static gboolean
take_answer (GObject         *directory,
             GAsyncResult    *result,
             gpointer         data,
             Xep174Incoming **self,
             char           **name,
             GError         **error)
{
  g_autofree Question *question = data;
  g_autoptr(GCancellable) cancellable = question->cancellable;

  *self = question->incoming;
  *name = xep174_directory_identify_finish (XEP174_DIRECTORY (directory), result, error);
  return !g_cancellable_is_cancelled (cancellable);
}

/* Who it says that it is, which may be asked about for a while, counts before who it may be. */
static const char *
get_suspect (Xep174Incoming *self)
{
  if (self->slot == NULL || self->stream.state >= XEP174_STREAM_HELD)
    return NULL;
  if (self->claimed != NULL)
    return self->claimed;

  return self->expected != NULL ? self->expected : self->found;
}

/* Who has its address is being looked up. */
static gboolean
may_be_anybody (Xep174Incoming *self)
{
  return self->slot != NULL && self->stream.state < XEP174_STREAM_HELD && self->claimed == NULL
         && (self->suspecting != NULL || self->asking != NULL);
}

/* The courtesy of rule 10: as long as it is not known who it is, and no longer. */
static void
update_suspect (Xep174Incoming *self)
{
  const char *now;

  if (self->manager != NULL && may_be_anybody (self) != self->caller.anybody)
    {
      self->caller.anybody = !self->caller.anybody;
      xep174_session_manager_count_unknown (self->manager, self->caller.anybody);
    }

  /* Who is told may run a main loop, in which more comes to be known. */
  while (self->manager != NULL && g_strcmp0 (now = get_suspect (self), self->caller.suspect) != 0)
    {
      g_autofree char *before = g_steal_pointer (&self->caller.suspect);
      g_autofree char *after = g_strdup (now);

      self->caller.suspect = g_strdup (now);
      xep174_session_manager_count_anonymous (self->manager, before);
      if (self->manager != NULL)
        xep174_session_manager_count_anonymous (self->manager, after);
    }
}

static gboolean
is_inside (Xep174Incoming *self)
{
  return (self->stream.flags & XEP174_STREAM_TLS) != 0;
}

/* T6: who has shown a key is only who may have it. */
static gboolean
is_key_refused (Xep174Incoming *self,
                const char     *name)
{
  g_autoptr(GError) error = NULL;

  if (!is_inside (self)
      || xep174_session_judge_key (&self->manager->around, name, self->slot, &error))
    return FALSE;

  xep174_session_refuse_key (&self->manager->around, name, self->slot, g_steal_pointer (&error));
  return TRUE;
}

/* It is @name's: the session goes on with it. */
static void
attribute (Xep174Incoming *self,
           const char     *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Session) session = NULL;

  session = xep174_session_manager_make_session (self->manager, name, &error);
  if (session == NULL)
    {
      xep174_incoming_fail (self, XEP174_STREAM_ERROR_INVALID_FROM, error->message);
      return;
    }

  if (is_key_refused (self, xep174_session_get_name (session)))
    {
      if (self->manager != NULL)
        xep174_incoming_step (self, XEP174_STREAM_EVENT_KEY_REFUSED);
      if (self->slot != NULL)
        xep174_slot_clear_item (self->slot);
      return;
    }

  xep174_session_learn_spelling (session, self->claimed);
  if (self->stream.state == XEP174_STREAM_ANON)
    xep174_slot_clear_item (self->slot);
  g_debug ("An incoming stream from %s is of %s", xep174_incoming_describe_host (self), name);
  xep174_alarm_clear (&self->alarm, self->network->clock);
  xep174_session_adopt (session, g_steal_pointer (&self->slot), &self->stream, self->header_event);
}

/* T1: before it is known who it is. */
static gboolean
may_offer (Xep174Incoming *self)
{
  return self->stream.state == XEP174_STREAM_ANON && !is_inside (self)
         && self->header_event == XEP174_STREAM_EVENT_HEADER
         && xep174_keyring_encrypts (&self->manager->around.keyring);
}

static void
offer (Xep174Incoming *self)
{
  self->offered = TRUE;
  xep174_slot_clear_item (self->slot);
  xep174_incoming_step (self, XEP174_STREAM_EVENT_ACCEPT_TLS);
}

/* T12: it may come from anywhere if it shows its key. Until then it counts as nobody, so that a liar has no
 * place among the contact's streams. */
static void
doubt (Xep174Incoming    *self,
       Xep174StreamError  code,
       const char        *text)
{
  if (xep174_incoming_has_known_name (self) && may_offer (self))
    offer (self);
  else
    xep174_incoming_fail (self, code, text);
}

/* X4: nobody, or nobody alone, is known to have that address. */
static void
answer_nameless (Xep174Incoming *self)
{
  gboolean legacy = self->header_event == XEP174_STREAM_EVENT_HEADER_LEGACY;

  if (may_offer (self))
    offer (self);
  else
    {
      xep174_slot_clear_item (self->slot);
      xep174_incoming_step (self, legacy ? XEP174_STREAM_EVENT_NAMELESS_LEGACY
                                         : XEP174_STREAM_EVENT_NAMELESS);
    }
}

static void
refuse_claim (Xep174Incoming *self,
              const GError   *error)
{
  gboolean wrong = g_error_matches (error, XEP174_DIRECTORY_ERROR,
                                    XEP174_DIRECTORY_ERROR_WRONG_ADDRESS);

  doubt (self, wrong ? XEP174_STREAM_ERROR_INVALID_FROM : XEP174_STREAM_ERROR_HOST_UNKNOWN,
         error->message);
}

/* What is asked while nothing can be read. */
static void
settle (Xep174Incoming *self,
        const char     *name,
        const GError   *error)
{
  g_clear_object (&self->asking);
  self->running = TRUE;
  if (name != NULL)
    attribute (self, name);
  else if (self->claimed == NULL && self->stream.state == XEP174_STREAM_ANON)
    answer_nameless (self);
  else
    refuse_claim (self, error);
  self->running = FALSE;
  process (self);
}

static void
on_identified (GObject      *directory,
               GAsyncResult *result,
               gpointer      data)
{
  Xep174Incoming *self;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  if (take_answer (directory, result, data, &self, &name, &error))
    settle (self, name, error);
}

/* X4: a header that says nothing waits for what was asked when the connection came. */
static void
ask_who (Xep174Incoming *self)
{
  if (self->suspecting != NULL)
    self->asking = g_steal_pointer (&self->suspecting);
  else
    ask (self, self->claimed, &self->asking, on_identified);
}

/* By the policy, or because its key tells (T12). */
static gboolean
needs_no_address (Xep174Incoming *self)
{
  return self->manager->around.settings.address_policy == XEP174_ADDRESS_POLICY_TRUST
         || (is_inside (self) && xep174_incoming_has_known_name (self));
}

/* X13: a claim counts if the directory agrees, or nothing is asked of it. */
static void
identify (Xep174Incoming *self)
{
  const Xep174Keyring *keyring = &self->manager->around.keyring;
  const char *local_name = self->slot->local_name;
  GBytes *key = self->slot->key;
  g_autofree char *known = key != NULL ? xep174_keyring_dup_name (keyring, key) : NULL;
  gboolean can_ask = self->address != NULL
                     && self->manager->around.directory != NULL;

  if (self->claimed != NULL)
    xep174_incoming_stop_asking (&self->suspecting);
  if (self->claimed != NULL && xep174_name_equal (self->claimed, local_name))
    xep174_incoming_fail (self, XEP174_STREAM_ERROR_INVALID_FROM, "That name is ours");
  else if (self->expected != NULL && self->claimed != NULL
           && !xep174_name_equal (self->claimed, self->expected))
    xep174_incoming_fail (self, XEP174_STREAM_ERROR_INVALID_FROM,
                          "It is somebody else's connection");
  else if (self->expected != NULL)
    attribute (self, self->expected);
  else if (self->claimed != NULL && needs_no_address (self))
    attribute (self, self->claimed);
  else if (self->claimed == NULL && known != NULL && !xep174_name_equal (known, local_name))
    attribute (self, known); /* T4 */
  else if (can_ask)
    ask_who (self);
  else if (self->claimed == NULL && self->stream.state == XEP174_STREAM_ANON)
    answer_nameless (self);
  else
    doubt (self, XEP174_STREAM_ERROR_HOST_UNKNOWN, "There is no directory to ask");
}

static void
on_suspected (GObject      *directory,
              GAsyncResult *result,
              gpointer      data)
{
  Xep174Incoming *self;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  if (!take_answer (directory, result, data, &self, &name, &error))
    return;

  if (self->suspecting == NULL)
    {
      settle (self, name, error);
      return;
    }

  g_clear_object (&self->suspecting);
  self->found = g_steal_pointer (&name);
  process (self);
}

/* --- What is read ------------------------------------------------------------------------ */

static void
read_header (Xep174Incoming *self,
             guint           event)
{
  if (is_inside (self) && xep174_slot_check_header (self->slot, event) != event)
    {
      xep174_incoming_step (self, XEP174_STREAM_EVENT_FAULT);
      if (self->slot != NULL)
        xep174_slot_clear_item (self->slot);
      return;
    }

  g_free (self->claimed);
  self->claimed = xep174_slot_dup_claim (self->slot);
  self->header_event = event;
  identify (self);
}

static void
read_first_stanza (Xep174Incoming *self)
{
  if (self->claimed != NULL && !is_inside (self))
    {
      xep174_incoming_fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
            "It has to encrypt before it is believed, and has said something first"); /* T5, T12 */
      return;
    }

  g_free (self->claimed);
  self->claimed = xep174_slot_dup_claim (self->slot);
  if (self->claimed != NULL)
    identify (self);
  else
    xep174_incoming_fail (self, XEP174_STREAM_ERROR_IMPROPER_ADDRESSING,
                          "Neither header nor stanza say who it is");
}

/* T1, T3. */
static guint
read_starttls (Xep174Incoming *self)
{
  if (!self->offered || is_inside (self) || self->stream.state != XEP174_STREAM_ANON_ANSWERED)
    return XEP174_STREAM_EVENT_STARTTLS;

  return xep174_slot_check_rest (self->slot, XEP174_STREAM_EVENT_ACCEPT_TLS);
}

static void
read_item (Xep174Incoming *self)
{
  guint event = xep174_slot_classify (self->slot, NULL);

  if (event == XEP174_STREAM_EVENT_STARTTLS)
    event = read_starttls (self);
  if (event == XEP174_STREAM_EVENT_HEADER || event == XEP174_STREAM_EVENT_HEADER_LEGACY)
    read_header (self, event);
  else if (event == XEP174_STREAM_EVENT_STANZA
           && self->stream.state == XEP174_STREAM_ANON_ANSWERED)
    read_first_stanza (self);
  else if (event == XEP174_STREAM_EVENT_STANZA)
    xep174_slot_clear_item (self->slot);
  else if (event == XEP174_STREAM_EVENT_ACKS && self->stream.state == XEP174_STREAM_ANON_ANSWERED)
    xep174_incoming_fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                          "It wants to confirm before it has said who it is"); /* A2 */
  else
    {
      xep174_incoming_step (self, event);
      if (self->slot != NULL)
        xep174_slot_clear_item (self->slot);
    }
}

/* One thing after the other, and none while the directory is asked. `slot` is gone when the stream
 * has ended or belongs to a session. */
static void
process (Xep174Incoming *self)
{
  if (self->running)
    return;

  self->running = TRUE;
  while (self->manager != NULL && self->slot != NULL && self->asking == NULL
         && xep174_slot_peek (self->slot))
    read_item (self);
  if (self->manager != NULL && self->slot != NULL && self->asking == NULL && self->slot->ended)
    xep174_incoming_step (self, self->stream.state == XEP174_STREAM_ANON_TLS
                                  ? XEP174_STREAM_EVENT_TLS_FAILED : XEP174_STREAM_EVENT_EOF);
  update_suspect (self);
  self->running = FALSE;

  if (self->manager == NULL)
    xep174_incoming_free (self);
  else if (self->slot == NULL)
    {
      g_queue_remove (&self->manager->incoming, self);
      xep174_incoming_free (self);
    }
  else
    xep174_transport_set_reading (self->slot->transport, self->asking == NULL);
}

/* --- What is done ------------------------------------------------------------------------ */

static void
on_alarm (gpointer data)
{
  Xep174Incoming *self = data;
  gboolean closing = self->stream.state >= XEP174_STREAM_CLOSE_SENT;

  /* A handler runs a main loop of its own. */
  if (self->running)
    {
      xep174_alarm_set (&self->alarm, self->network->clock, BUSY_MS, on_alarm, self);
      return;
    }

  self->running = TRUE;
  if (self->asking != NULL && self->claimed != NULL && !closing)
    {
      /* X13: the header came in time, what the directory knows of its `from` did not. */
      xep174_incoming_stop_asking (&self->asking);
      xep174_incoming_fail (self, XEP174_STREAM_ERROR_HOST_UNKNOWN,
                            "Nobody of that name was found in time");
    }
  else
    xep174_incoming_step (self, closing ? XEP174_STREAM_EVENT_T_CLOSE
                                        : XEP174_STREAM_EVENT_T_HEADER);
  self->running = FALSE;
  process (self);
}

/* Its first octet is not of XML, and somebody waits for those. */
static void
hand_over (Xep174Incoming *self,
           const guint8   *octets,
           gsize           length)
{
  Xep174SessionManager *manager = self->manager;
  g_autoptr(GIOStream) stream = xep174_transport_steal (self->slot->transport);
  Xep174Guest *guest = xep174_guest_new (manager, G_SOCKET_CONNECTION (stream), self->caller.host);

  g_clear_pointer (&self->slot, xep174_slot_free);
  self->running = TRUE;
  manager->guest_func (guest, octets, length, manager->guest_data);
  self->running = FALSE;
  process (self);
}

static void
on_octets (const guint8 *octets,
           gsize         length,
           gpointer      data)
{
  Xep174Incoming *self = data;
  gboolean running = self->running;
  Xep174StreamParser *parser;

  if (!self->heard && !running && xep174_transport_is_tcp (self->slot->transport)
      && xep174_session_manager_wants (self->manager, octets))
    {
      hand_over (self, octets, length);
      return;
    }

  self->heard = TRUE;
  parser = xep174_stream_parser_lend (self->slot->parser, octets, length);
  self->running = TRUE;
  if (xep174_tell_is_traced (&self->manager->around))
    xep174_tell_trace (&self->manager->around, NULL, FALSE, (const char *) octets, length);
  self->running = running;
  process (self);
  xep174_stream_parser_take_back (parser);
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  Xep174Incoming *self = data;

  self->slot->ended = TRUE;
  process (self);
}

static void
on_encrypted (gpointer data)
{
  Xep174Incoming *self = data;

  xep174_slot_note_encrypted (self->slot);
  xep174_incoming_step (self, XEP174_STREAM_EVENT_TLS_DONE);
}

static const Xep174TransportEvents events = { on_octets, on_ended, NULL, on_encrypted };

/* --- Its life ---------------------------------------------------------------------------- */

static char *
dup_host (GSocketAddress *address)
{
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;

  return g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

Xep174Incoming *
xep174_incoming_new (Xep174SessionManager  *manager,
                     GIOStream             *connection,
                     const char            *name,
                     GError               **error)
{
  Xep174Network *network = manager->around.network;
  Xep174Incoming *self = g_new0 (Xep174Incoming, 1);

  self->manager = manager;
  self->network = xep174_network_ref (network);
  self->ring = on_alarm;
  self->slot = xep174_slot_new (network, manager->around.local_name);
  self->slot->transport = xep174_transport_new (network, connection, &events, self, error);
  if (self->slot->transport == NULL)
    {
      xep174_incoming_free (self);
      return NULL;
    }

  self->slot->parser = xep174_surroundings_make_parser (&manager->around);
  self->address = xep174_transport_dup_remote (self->slot->transport);
  self->caller.host = dup_host (self->address);
  self->expected = g_strdup (name);
  xep174_stream_step (&self->stream, XEP174_STREAM_EVENT_ACCEPTED);
  return self;
}

void
xep174_incoming_start (Xep174Incoming *self)
{
  const Xep174Settings *settings = &self->manager->around.settings;

  xep174_alarm_set (&self->alarm, self->network->clock, settings->header_timeout, on_alarm, self);
  xep174_transport_set_reading (self->slot->transport, TRUE);
  if (self->expected != NULL)
    process (self);
  else if (self->address != NULL && self->manager->around.directory != NULL)
    {
      ask (self, NULL, &self->suspecting, on_suspected);
      process (self);
    }
}

void
xep174_incoming_free (Xep174Incoming *self)
{
  if (self->caller.anybody && self->manager != NULL)
    self->manager->around.n_unknown--;
  self->caller.anybody = FALSE;
  xep174_alarm_clear (&self->alarm, self->network->clock);
  xep174_incoming_stop_asking (&self->asking);
  xep174_incoming_stop_asking (&self->suspecting);

  /* What runs frees it in the end. */
  if (self->running)
    {
      self->manager = NULL;
      if (self->slot != NULL)
        xep174_transport_set_reading (self->slot->transport, FALSE);
      return;
    }

  g_clear_pointer (&self->slot, xep174_slot_free);
  g_clear_object (&self->address);
  xep174_network_unref (self->network);
  g_free (self->caller.host);
  g_free (self->expected);
  g_free (self->found);
  g_free (self->caller.suspect);
  g_free (self->claimed);
  g_free (self);
}

void
xep174_incoming_turn_away (Xep174Incoming *self)
{
  GString *buffer = xep174_transport_get_buffer (self->slot->transport);

  if (self->network->lingering.length < TURN_AWAY_MAX)
    {
      xep174_slot_send_header (self->slot, NULL, TRUE);
      xep174_stream_writer_append_error (buffer, XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT, NULL);
      xep174_stream_writer_append_footer (buffer);
      xep174_transport_retire (g_steal_pointer (&self->slot->transport), TURN_AWAY_MS);
    }
  xep174_incoming_free (self);
}
