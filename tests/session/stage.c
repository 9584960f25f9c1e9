/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include "xep174-element-private.h"

/* --- Dialling ---------------------------------------------------------------------------- */

typedef struct
{
  Stage *stage;
  char *name;
} Side;

static void
side_free (gpointer data)
{
  Side *side = data;

  g_free (side->name);
  g_free (side);
}

static void
dial_free (StageDial *dial)
{
  g_free (dial->from);
  g_free (dial->to);
  g_free (dial->at);
  g_object_unref (dial->task);
  g_free (dial);
}

GSocketAddress *
stage_address_new (guint number)
{
  g_autofree char *host = g_strdup_printf ("10.0.0.%u", number + 1);

  return g_inet_socket_address_new_from_string (host, 5298);
}

static void
stage_dial_async (gpointer             data,
                  Xep174Ways          *ways,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  Side *side = data;
  const guint n = xep174_ways_get_n_aside (ways);
  StageDial *dial;

  if (n >= side->stage->n_addresses)
    {
      g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "No address is left");
      return;
    }

  dial = g_new0 (StageDial, 1);
  dial->from = g_strdup (side->name);
  dial->to = g_strdup (xep174_ways_get_name (ways));
  if (xep174_ways_get_led (ways) != NULL)
    dial->at = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (xep174_ways_get_led (ways)));
  dial->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (dial->task, stage_address_new (n), g_object_unref);
  xep174_ways_set_other (ways, n + 1 < side->stage->n_addresses);
  g_queue_push_tail (&side->stage->dials, dial);
  if (side->stage->on_dial != NULL)
    side->stage->on_dial (side->name, side->stage->on_dial_data);
}

static GIOStream *
stage_dial_finish (gpointer         data,
                   GAsyncResult    *result,
                   GSocketAddress **address,
                   GError         **error)
{
  gpointer dialled = g_task_get_task_data (G_TASK (result));

  *address = dialled != NULL ? g_object_ref (dialled) : NULL;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const Xep174Dialler dialler = { stage_dial_async, stage_dial_finish };

StageDial *
stage_next_dial (Stage *stage)
{
  StageDial *dial;

  while ((dial = g_queue_peek_head (&stage->dials)) != NULL
         && g_task_return_error_if_cancelled (dial->task))
    dial_free (g_queue_pop_head (&stage->dials));

  return dial;
}

MemoryStream *
stage_accept (Stage     *stage,
              StageDial *dial)
{
  MemoryStream *near_end;
  MemoryStream *far_end;

  memory_stream_new_pair (&near_end, &far_end);
  g_queue_remove (&stage->dials, dial);
  g_task_return_pointer (dial->task, near_end, g_object_unref);
  dial_free (dial);
  return far_end;
}

void
stage_refuse (Stage     *stage,
              StageDial *dial)
{
  g_queue_remove (&stage->dials, dial);
  g_task_return_new_error (dial->task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                           "Connection refused");
  dial_free (dial);
}

/* --- The log ----------------------------------------------------------------------------- */

static void
on_opened (Xep174SessionManager *manager,
           Xep174Session        *session,
           Stage                *stage)
{
  g_string_append_printf (stage->log, "opened %s %s\n", xep174_session_get_name (session),
                          xep174_session_get_role (session) == XEP174_SESSION_ROLE_INITIATOR
                          ? "initiator" : "recipient");
}

static void
on_failed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           Stage                *stage)
{
  g_string_append_printf (stage->log, "failed %s\n", xep174_session_get_name (session));
}

static void
on_closing (Xep174SessionManager *manager,
            Xep174Session        *session,
            Stage                *stage)
{
  g_string_append_printf (stage->log, "closing %s\n", xep174_session_get_name (session));
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           Stage                *stage)
{
  g_string_append_printf (stage->log, "closed %s%s%s\n", xep174_session_get_name (session),
                          error != NULL ? ": " : "", error != NULL ? error->message : "");
}

static void
log_stanza (Stage         *stage,
            const char    *what,
            Xep174Element *stanza)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);
  g_autofree char *xml = body == NULL ? xep174_element_to_string (stanza) : NULL;

  g_string_append_printf (stage->log, "%s %s\n", what, body != NULL ? body : xml);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Stage                *stage)
{
  log_stanza (stage, "got", stanza);
  return xep174_element_matches (stanza, "message", XEP174_NS_CLIENT);
}

static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                Stage                *stage)
{
  log_stanza (stage, "unconfirmed", stanza);
}

char *
stage_take_log (Stage *stage)
{
  char *text = g_strdup (stage->log->str);

  g_string_truncate (stage->log, 0);
  return text;
}

/* --- The stage --------------------------------------------------------------------------- */

Stage *
stage_new (void)
{
  Stage *stage = g_new0 (Stage, 1);

  stage->clock = xep174_clock_new_manual ();
  stage->poller = xep174_poller_new (g_main_context_default ());
  stage->random = g_rand_new_with_seed (1);
  stage->log = g_string_new (NULL);
  stage->n_addresses = 1;
  g_queue_init (&stage->dials);
  return stage;
}

void
stage_free (Stage *stage)
{
  stage_settle (stage);
  while (!g_queue_is_empty (&stage->dials))
    stage_refuse (stage, stage->dials.head->data);
  stage_settle (stage);
  g_assert_cmpint (xep174_clock_get_wait_ms (stage->clock), ==, -1);
  xep174_poller_unref (stage->poller);
  xep174_clock_unref (stage->clock);
  g_rand_free (stage->random);
  g_string_free (stage->log, TRUE);
  g_free (stage);
}

Xep174SessionManager *
stage_manager_new (Stage      *stage,
                   const char *name)
{
  Side *side = g_new0 (Side, 1);
  g_autoptr(Xep174Network) network = NULL;
  Xep174SessionManager *manager;

  side->stage = stage;
  side->name = g_strdup (name);
  network = xep174_network_new (stage->clock, stage->poller, stage->random, &dialler, side,
                                side_free);
  manager = xep174_session_manager_new_on (network, name, stage->directory);
  g_object_set (manager, "address-policy", XEP174_ADDRESS_POLICY_TRUST, NULL);
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_opened), stage);
  g_signal_connect (manager, "session-failed", G_CALLBACK (on_failed), stage);
  g_signal_connect (manager, "session-closing", G_CALLBACK (on_closing), stage);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), stage);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), stage);
  g_signal_connect (manager, "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), stage);
  return manager;
}

static void
iterate (Stage *stage)
{
  while (g_main_context_iteration (NULL, FALSE))
    if (stage->on_step != NULL)
      stage->on_step (stage->on_step_data);
}

void
stage_settle (Stage *stage)
{
  iterate (stage);
  while (xep174_clock_get_wait_ms (stage->clock) == 0)
    {
      xep174_clock_advance (stage->clock, 0);
      iterate (stage);
    }
}

void
stage_advance (Stage *stage,
               guint  ms)
{
  gint64 wait;

  stage_settle (stage);
  while ((wait = xep174_clock_get_wait_ms (stage->clock)) >= 0 && wait <= ms)
    {
      xep174_clock_advance (stage->clock, wait);
      ms -= wait;
      stage_settle (stage);
    }
  xep174_clock_advance (stage->clock, ms);
  stage_settle (stage);
}

/* --- Requests ---------------------------------------------------------------------------- */

typedef struct
{
  Stage *stage;
  char *what;
} Request;

static Request *
request_new (Stage *stage,
             char  *what)
{
  Request *request = g_new0 (Request, 1);

  request->stage = stage;
  request->what = what;
  return request;
}

static void
log_end (Request      *request,
         const GError *error)
{
  if (error == NULL)
    g_string_append_printf (request->stage->log, "%s\n", request->what);
  else
    g_string_append_printf (request->stage->log, "not %s: %s %d\n", request->what,
                            g_quark_to_string (error->domain), error->code);
  g_free (request->what);
  g_free (request);
}

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_session_send_finish (XEP174_SESSION (session), result, &error);
  log_end (data, error);
}

static void
on_open_done (GObject      *session,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_session_open_finish (XEP174_SESSION (session), result, &error);
  log_end (data, error);
}

static void
on_close_done (GObject      *session,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_session_close_finish (XEP174_SESSION (session), result, &error);
  log_end (data, error);
}

void
stage_send_xml (Stage                *stage,
                Xep174SessionManager *manager,
                const char           *to,
                const char           *xml,
                GCancellable         *cancellable)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, to, NULL);
  g_autoptr(Xep174Element) stanza = xep174_element_parse (xml, NULL);
  char *body = stanza != NULL ? xep174_element_dup_child_text (stanza, "body", NULL) : NULL;

  xep174_session_send_xml_async (session, xml, cancellable, on_sent,
                                 request_new (stage, g_strdup_printf ("sent %s",
                                                                      body != NULL ? body : "")));
  g_free (body);
}

void
stage_send (Stage                *stage,
            Xep174SessionManager *manager,
            const char           *to,
            const char           *body)
{
  g_autofree char *xml = g_markup_printf_escaped ("<message xmlns='jabber:client'><body>%s</body>"
                                                  "</message>", body);

  stage_send_xml (stage, manager, to, xml, NULL);
}

void
stage_open (Stage                *stage,
            Xep174SessionManager *manager,
            const char           *to)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, to, NULL);

  xep174_session_open_async (session, NULL, on_open_done, request_new (stage, g_strdup ("open")));
}

void
stage_close (Stage                *stage,
             Xep174SessionManager *manager,
             const char           *to)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, to, NULL);

  xep174_session_close_async (session, NULL, on_close_done,
                              request_new (stage, g_strdup ("close")));
}
