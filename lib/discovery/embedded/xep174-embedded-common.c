/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-embedded-common-private.h"

#include <avahi-common/error.h>

#include "xep174-discovery.h"
#include "xep174-gettext-private.h"

static Xep174DiscoveryError
map_code (int code)
{
  switch (code)
    {
    case AVAHI_ERR_NO_DAEMON:
    case AVAHI_ERR_DISCONNECTED:
      return XEP174_DISCOVERY_ERROR_NO_DAEMON;
    case AVAHI_ERR_NO_NETWORK:
      return XEP174_DISCOVERY_ERROR_NO_NETWORK;
    case AVAHI_ERR_NOT_SUPPORTED:
    case AVAHI_ERR_NOT_PERMITTED:
      return XEP174_DISCOVERY_ERROR_NOT_SUPPORTED;
    case AVAHI_ERR_INVALID_SERVICE_NAME:
    case AVAHI_ERR_INVALID_DOMAIN_NAME:
    case AVAHI_ERR_INVALID_HOST_NAME:
      return XEP174_DISCOVERY_ERROR_INVALID_NAME;
    case AVAHI_ERR_COLLISION:
      return XEP174_DISCOVERY_ERROR_COLLISION;
    case AVAHI_ERR_TOO_MANY_CLIENTS:
    case AVAHI_ERR_TOO_MANY_OBJECTS:
    case AVAHI_ERR_TOO_MANY_ENTRIES:
      return XEP174_DISCOVERY_ERROR_LIMIT;
    default:
      return XEP174_DISCOVERY_ERROR_FAILED;
    }
}

void
xep174_embedded_set_error (GError    **error,
                        int         code,
                        const char *doing)
{
  g_set_error (error, XEP174_DISCOVERY_ERROR, map_code (code), _("%s failed: Avahi says “%s”"),
               doing, avahi_strerror (code));
}

gboolean
xep174_embedded_check (int         code,
                    const char *doing,
                    GError    **error)
{
  if (code == AVAHI_OK)
    return TRUE;

  xep174_embedded_set_error (error, code, doing);

  return FALSE;
}

void
xep174_embedded_tell_group (Xep174MdnsStack      *stack,
                         AvahiEntryGroupState  state,
                         int                   code)
{
  g_autoptr(GError) error = NULL;

  switch (state)
    {
    case AVAHI_ENTRY_GROUP_ESTABLISHED:
      xep174_mdns_stack_emit_published (stack);
      break;
    case AVAHI_ENTRY_GROUP_COLLISION:
    case AVAHI_ENTRY_GROUP_FAILURE:
      xep174_embedded_set_error (&error,
                              state == AVAHI_ENTRY_GROUP_COLLISION ? AVAHI_ERR_COLLISION : code,
                              _("Publishing our name"));
      xep174_mdns_stack_emit_publish_failed (stack, error);
      break;
    case AVAHI_ENTRY_GROUP_UNCOMMITED:
    case AVAHI_ENTRY_GROUP_REGISTERING:
    default:
      break;
    }
}

gboolean
xep174_embedded_map_event (AvahiBrowserEvent  event,
                        Xep174MdnsEvent   *mapped)
{
  switch (event)
    {
    case AVAHI_BROWSER_NEW:
      *mapped = XEP174_MDNS_RECORD_ADDED;
      return TRUE;
    case AVAHI_BROWSER_REMOVE:
      *mapped = XEP174_MDNS_RECORD_REMOVED;
      return TRUE;
    case AVAHI_BROWSER_ALL_FOR_NOW:
      *mapped = XEP174_MDNS_QUERY_SETTLED;
      return TRUE;
    case AVAHI_BROWSER_FAILURE:
      *mapped = XEP174_MDNS_QUERY_FAILED;
      return TRUE;
    case AVAHI_BROWSER_CACHE_EXHAUSTED:
      *mapped = XEP174_MDNS_CACHE_DONE;
      return TRUE;
    default:
      return FALSE;
    }
}

AvahiStringList *
xep174_embedded_txt_to_list (GBytes *txt)
{
  AvahiStringList *list = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (txt, &size);

  /* We did not make a record that cannot be parsed. Publish it without parameters (D2). */
  if (avahi_string_list_parse (data, size, &list) < 0)
    return NULL;

  return list;
}
