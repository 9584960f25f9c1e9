/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-options.h"

#include "cli-trace.h"
#include "translate.h"

ChatOptions *
chat_options_new (void)
{
  ChatOptions *self = g_new0 (ChatOptions, 1);

  self->common = cli_options_new ();

  return self;
}

void
chat_options_free (ChatOptions *self)
{
  cli_options_free (self->common);
  g_strfreev (self->contacts);
  g_free (self);
}

void
chat_options_add_to (ChatOptions  *self,
                     GApplication *application)
{
  g_autofree GOptionEntry *common =
    cli_options_create_entries (self->common, CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_DOMAIN |
                                                CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR |
                                                CLI_ACCEPTS_AVATAR);
  const GOptionEntry entries[] = {
    { "contact", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &self->contacts,
      _("Somebody to talk to, with --discovery none; can be given several times"), _("NAME=ADDRESS:PORT") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, _("Show the version"), NULL },
    { NULL },
  };
  g_autofree char *description = NULL;

  g_application_add_main_option_entries (application, common);
  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_summary (
    application, _("Talk with the people on the local network, without a server."));
  description = g_strconcat (
    _("With any option a second program starts beside one that is running already."), "\n\n", _("Examples:"),
    "\n"
    "  xep174-gtk --user romeo\n"
    "  xep174-gtk --user juliet --discovery embedded\n"
    "  xep174-gtk --discovery none --contact nurse@verona=192.0.2.7:5298\n", NULL);
  g_application_set_option_context_description (application, description);
}

gboolean
chat_options_are_particular (ChatOptions *self)
{
  return self->common->user != NULL || self->common->discovery != NULL ||
         self->common->domain != NULL || self->common->port_text != NULL || self->common->trace ||
         self->common->encryption_text != NULL || self->common->data_dir != NULL ||
         self->contacts != NULL;
}

/* “NAME=ADDRESS:PORT”, an IPv6 address in brackets. */
static gboolean
add_contact (Xep174ManualDiscovery  *discovery,
             const char             *text,
             GError                **error)
{
  const char *end = strrchr (text, '=');
  g_autofree char *name = end != NULL ? g_strndup (text, end - text) : NULL;
  g_autoptr(GSocketConnectable) connectable = NULL;
  GNetworkAddress *address;

  if (name == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("--contact needs a name, an address and a port, such as nurse@verona=192.0.2.7:5298; "
                     "“%s” is not that"), text);
      return FALSE;
    }

  connectable = g_network_address_parse (end + 1, 5298, error);
  if (connectable == NULL)
    return FALSE;

  address = G_NETWORK_ADDRESS (connectable);

  return xep174_manual_discovery_add (discovery, name, g_network_address_get_hostname (address),
                                      g_network_address_get_port (address), error) != NULL;
}

static Xep174Discovery *
create_discovery (ChatOptions  *self,
                  GError      **error)
{
  g_autoptr(Xep174Discovery) discovery = NULL;

  if (self->contacts != NULL && g_strcmp0 (self->common->discovery, "none") != 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("Contacts can be added by hand only with --discovery none"));
      return NULL;
    }

  discovery = cli_options_create_discovery (self->common);
  for (char **contact = self->contacts; contact != NULL && *contact != NULL; contact++)
    if (!add_contact (XEP174_MANUAL_DISCOVERY (discovery), *contact, error))
      return NULL;

  return g_steal_pointer (&discovery);
}

Xep174Client *
chat_options_create_client (ChatOptions  *self,
                            GError      **error)
{
  g_autoptr(Xep174Profile) profile = NULL;
  g_autoptr(Xep174Discovery) discovery = NULL;
  Xep174Client *client;

  if (!cli_options_check (self->common, error))
    return NULL;

  profile = cli_options_create_profile (self->common, error);
  if (profile == NULL)
    return NULL;

  discovery = create_discovery (self, error);
  if (discovery == NULL)
    return NULL;

  client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery,
                         "data-dir", self->common->data_dir, "encryption", self->common->encryption,
                         NULL);
  xep174_client_set_port (client, self->common->port);
  if (self->common->trace)
    cli_trace_enable (xep174_client_get_session_manager (client));

  return client;
}
