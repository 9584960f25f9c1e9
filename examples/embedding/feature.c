/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A feature of your own: Romeo asks for Juliet's attention (XEP-0224). Both ends are in this program. */

#include <xep174/xep174.h>

#define NS_ATTENTION "urn:xmpp:attention:0"

G_DECLARE_FINAL_TYPE (Nudge, nudge, MY, NUDGE, Xep174Feature)

struct _Nudge
{
  Xep174Feature parent_instance;

  GMainLoop *loop;
};

G_DEFINE_FINAL_TYPE (Nudge, nudge, XEP174_TYPE_FEATURE)

/* TRUE: nobody else has to see it. */
static gboolean
nudge_handle (Xep174Feature *feature,
              const char    *contact,
              Xep174Element *stanza,
              Xep174Element *payload)
{
  g_print ("%s wants our attention\n", contact);
  g_main_loop_quit (MY_NUDGE (feature)->loop);
  return TRUE;
}

static void
nudge_send (Nudge      *self,
            const char *contact)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");

  xep174_element_append_new (message, "attention", NS_ATTENTION);
  xep174_feature_host_send_async (xep174_feature_get_host (XEP174_FEATURE (self)), contact, message, NULL,
                                  NULL, NULL);
}

static void
nudge_class_init (NudgeClass *klass)
{
  XEP174_FEATURE_CLASS (klass)->handle = nudge_handle;
}

static void
nudge_init (Nudge *self)
{
}

/* What is given to it, and what others are told that we can do. */
static Nudge *
nudge_new (GMainLoop *loop)
{
  const char *const names[] = { NS_ATTENTION, NULL };
  Nudge *self = g_object_new (nudge_get_type (), "payloads", names, "announces", names, NULL);

  self->loop = loop;
  return self;
}

int
main (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(Xep174ManualDiscovery) book = xep174_manual_discovery_new ();
  g_autoptr(Xep174SessionManager) juliet =
    xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (book));
  g_autoptr(Xep174SessionManager) romeo =
    xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (book));
  g_autoptr(Nudge) his = nudge_new (loop);
  g_autoptr(Nudge) hers = nudge_new (loop);
  g_autoptr(GError) error = NULL;

  if (!xep174_session_manager_listen (juliet, 0, &error)
      || !xep174_session_manager_listen (romeo, 0, &error)
      || !xep174_feature_host_add_feature (XEP174_FEATURE_HOST (juliet), XEP174_FEATURE (hers), &error)
      || !xep174_feature_host_add_feature (XEP174_FEATURE_HOST (romeo), XEP174_FEATURE (his), &error))
    {
      g_printerr ("Cannot begin: %s\n", error->message);
      return 1;
    }

  xep174_manual_discovery_add (book, "juliet@capulet", "127.0.0.1",
                               xep174_session_manager_get_port (juliet), NULL);
  xep174_manual_discovery_add (book, "romeo@montague", "127.0.0.1",
                               xep174_session_manager_get_port (romeo), NULL);
  nudge_send (his, "juliet@capulet");
  g_main_loop_run (loop);

  return 0;
}
