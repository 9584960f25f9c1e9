/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-discovery.h"
#include "xep174-discovery.h"
#include "xep174-embedded-discovery.h"
#include "xep174-manual-discovery.h"
#include "xep174-mdns-stack-private.h"

/* How long the daemon has to answer. */
#define ANSWER_MS 1000

typedef enum
{
  ASKED,
  THERE,
  AWAY,
  LATE,
} Answer;

static void
on_running (gpointer user_data)
{
  *(Answer *) user_data = THERE;
}

static void
on_down (gpointer      user_data,
         const GError *error)
{
  *(Answer *) user_data = AWAY;
}

static gboolean
on_timeout (gpointer user_data)
{
  *(Answer *) user_data = LATE;

  return G_SOURCE_REMOVE;
}

static void
ignore_records (Xep174MdnsEvent         event,
                const Xep174MdnsRecord *record,
                const GError           *error,
                gpointer                user_data)
{
}

/* A daemon that is still looking for a host name answers queries, too. */
static gboolean
takes_questions (Xep174MdnsStack *stack)
{
  Xep174MdnsQuery *query = xep174_mdns_stack_query (stack, XEP174_PRESENCE_TYPE ".local",
                                                    XEP174_DNS_TYPE_PTR, NULL, ignore_records, NULL,
                                                    NULL);
  gboolean taken = query != NULL;

  xep174_mdns_stack_cancel (stack, &query);

  return taken;
}

/* Asks in the same way as a discovery would, but in a main context of its own. */
static gboolean
daemon_answers (void)
{
  static const Xep174MdnsListener listener = {
    .running = on_running,
    .down = on_down,
    .silent = on_down,
  };
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(Xep174MdnsStack) stack = xep174_avahi_stack_new ();
  GSource *timeout;
  Answer answer = ASKED;

  xep174_mdns_stack_set_listener (stack, &listener, &answer);
  g_main_context_push_thread_default (context);
  if (!xep174_mdns_stack_open (stack, context, NULL))
    answer = AWAY;
  timeout = xep174_mdns_stack_after (stack, ANSWER_MS, on_timeout, &answer);
  while (answer == ASKED)
    g_main_context_iteration (context, TRUE);
  if (answer == LATE && takes_questions (stack))
    answer = THERE;
  xep174_clear_source (&timeout);
  xep174_mdns_stack_close (stack);
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_main_context_pop_thread_default (context);

  return answer == THERE;
}

/**
 * xep174_discovery_new_default:
 *
 * Creates the discovery that fits best: [class@AvahiDiscovery] if avahi-daemon answers at once,
 * else [class@EmbeddedDiscovery], else, in a build that has neither, [class@ManualDiscovery].
 *
 * The choice is made once, by this call. To choose again, for example after the daemon has gone,
 * create another discovery. The call waits for the daemon's answer, for a second at most.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174Discovery *
xep174_discovery_new_default (void)
{
  if (daemon_answers ())
    return xep174_avahi_discovery_new (NULL);

#ifdef HAVE_EMBEDDED
  return xep174_embedded_discovery_new ();
#else
  return xep174_manual_discovery_new ();
#endif
}
