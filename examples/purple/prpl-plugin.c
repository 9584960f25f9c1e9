/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* prpl-xep174, a protocol plugin for libpurple 2. With it Pidgin, Finch and other programs that use
 * libpurple talk to the local network by the session rules S1–S11, without any change to them.
 *
 * libpurple calls only functions of this file, and the handlers of prpl-trust.c and prpl-files.c. Each of
 * them enters the library's main context and leaves it again. */

#define PURPLE_PLUGINS
#include <gmodule.h>
#include <purple.h>

#include "prpl-account.h"
#include "prpl-buddies.h"
#include "prpl-conversation.h"
#include "prpl-files.h"
#include "prpl-loop.h"
#include "prpl-parts.h"
#include "prpl-profile.h"
#include "prpl-trust.h"
#include "translate.h"

static const char *
list_icon (PurpleAccount *purple,
           PurpleBuddy   *buddy)
{
  /* All user interfaces of libpurple have this picture. */
  return "bonjour";
}

/* Two names are the same if they differ only in the case of ASCII letters, as in DNS. */
static const char *
normalize (const PurpleAccount *purple,
           const char          *name)
{
  static char *normal;

  g_free (normal);
  normal = g_ascii_strdown (name, -1);
  return normal;
}

static gboolean
is_usable (PurpleConnection *connection)
{
  PrplAccount *self = connection != NULL ? prpl_account_get (connection) : NULL;

  return self != NULL && self->phase == PRPL_PHASE_ONLINE;
}

static void
login (PurpleAccount *purple)
{
  prpl_loop_enter ();
  prpl_account_login (purple);
  prpl_loop_leave ();
}

static void
close_connection (PurpleConnection *connection)
{
  prpl_loop_enter ();
  prpl_account_close (connection);
  prpl_loop_leave ();
}

static int
send_im (PurpleConnection  *connection,
         const char        *name,
         const char        *html,
         PurpleMessageFlags flags)
{
  int result;

  if (!is_usable (connection))
    return -ENOTCONN;

  prpl_loop_enter ();
  result = prpl_conversation_send (connection, name, html, flags);
  prpl_loop_leave ();

  return result;
}

static unsigned
send_typing (PurpleConnection *connection,
             const char       *name,
             PurpleTypingState state)
{
  if (!is_usable (connection))
    return 0;

  prpl_loop_enter ();
  prpl_conversation_send_typing (connection, name, state);
  prpl_loop_leave ();

  return 0; /* never again by itself */
}

static void
conversation_closed (PurpleConnection *connection,
                     const char       *name)
{
  if (!is_usable (connection))
    return;

  prpl_loop_enter ();
  prpl_conversation_end (connection, name);
  prpl_loop_leave ();
}

static void
set_status (PurpleAccount *purple,
            PurpleStatus  *status)
{
  prpl_loop_enter ();
  prpl_profile_set_status (purple, status);
  prpl_loop_leave ();
}

static void
set_buddy_icon (PurpleConnection  *connection,
                PurpleStoredImage *picture)
{
  prpl_loop_enter ();
  prpl_profile_set_picture (purple_connection_get_account (connection), picture);
  prpl_loop_leave ();
}

static gboolean
can_receive_file (PurpleConnection *connection,
                  const char       *name)
{
  return is_usable (connection) && prpl_files_can_send (connection, name);
}

static PurpleXfer *
new_xfer (PurpleConnection *connection,
          const char       *name)
{
  return is_usable (connection) ? prpl_files_new_xfer (connection, name) : NULL;
}

static void
send_file (PurpleConnection *connection,
           const char       *name,
           const char       *path)
{
  if (is_usable (connection))
    prpl_files_send (connection, name, path);
}

static GList *
node_menu (PurpleBlistNode *node)
{
  GList *menu = NULL;

  if (!PURPLE_BLIST_NODE_IS_BUDDY (node))
    return NULL;

  prpl_loop_enter ();
  menu = prpl_trust_menu ((PurpleBuddy *) node);
  prpl_loop_leave ();

  return menu;
}

/* The program's loop does not run any more, but everything is still there. We cannot wait until
 * plugins are unloaded: before that other parts are taken down, and some of them cannot be started
 * again. */
static void
on_quitting (gpointer data)
{
  prpl_account_close_all ();
}

static gboolean
load (PurplePlugin *plugin)
{
  /* The library registers types with GObject, and this cannot be undone. So it must stay in memory,
   * and so must we while our callbacks may still come. */
  g_module_make_resident (plugin->handle);
  prpl_loop_start ();
  prpl_parts_tidy ();
  purple_signal_connect (purple_get_core (), "quitting", plugin, PURPLE_CALLBACK (on_quitting),
                         NULL);
  return TRUE;
}

static gboolean
unload (PurplePlugin *plugin)
{
  prpl_account_close_all ();
  purple_signals_disconnect_by_handle (plugin);
  prpl_loop_stop ();
  return TRUE;
}

static PurplePluginProtocolInfo protocol = {
  .options = OPT_PROTO_NO_PASSWORD,
  /* What the library advises: a record that is not much larger than a packet. */
  .icon_spec = { "png,jpeg,gif", 0, 0, 96, 96, 8000, PURPLE_ICON_SCALE_SEND },
  .list_icon = list_icon,
  .status_text = prpl_buddies_dup_status,
  .tooltip_text = prpl_buddies_tooltip,
  .blist_node_menu = node_menu,
  .status_types = prpl_profile_status_types,
  .login = login,
  .close = close_connection,
  .send_im = send_im,
  .send_typing = send_typing,
  .get_info = prpl_buddies_show_info,
  .set_status = set_status,
  .set_buddy_icon = set_buddy_icon,
  .convo_closed = conversation_closed,
  .normalize = normalize,
  .can_receive_file = can_receive_file,
  .send_file = send_file,
  .new_xfer = new_xfer,
  .struct_size = sizeof (PurplePluginProtocolInfo),
};

static PurplePluginInfo info = {
  .magic = PURPLE_PLUGIN_MAGIC,
  .major_version = PURPLE_MAJOR_VERSION,
  .minor_version = PURPLE_MINOR_VERSION,
  .type = PURPLE_PLUGIN_PROTOCOL,
  .priority = PURPLE_PRIORITY_DEFAULT,
  .id = (char *) PRPL_ID,
  .version = (char *) PRPL_VERSION,
  .author = (char *) "libxep174",
  .load = load,
  .unload = unload,
  .extra_info = &protocol,
};

static void
init (PurplePlugin *plugin)
{
  translate_bind ();
  info.name = (char *) _("Local network (XEP-0174)");
  info.summary = (char *) _("Chat with the people on the same network");
  info.description = (char *) _("Finds the people on your network and lets you talk with them. It needs no "
                                "server and no account, and tells you if a message was not sent.");
  protocol.protocol_options = prpl_profile_dup_options ();
}

PURPLE_INIT_PLUGIN (xep174, init, info)
