/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The stream and TLS: how it begins, and what it has shown of the peer. */

#include "xep174-slot-private.h"

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-tls-private.h"

guint
xep174_slot_check_rest (Xep174Slot *self,
                        guint       event)
{
  if (!xep174_stream_parser_has_pending (self->parser))
    return event;

  return xep174_slot_fault (self, XEP174_STREAM_ERROR_BAD_FORMAT,
                            _("Something was said unencrypted that belongs behind the "
                              "encryption"));
}

void
xep174_slot_set_parser (Xep174Slot         *self,
                        Xep174StreamParser *parser)
{
  g_object_unref (self->parser);
  self->parser = parser;
}

/* RFC 6120 §5.3.3: everything begins anew. */
gboolean
xep174_slot_start_tls (Xep174Slot          *self,
                       Xep174StreamParser  *parser,
                       Xep174Certificate   *certificate,
                       Xep174TlsLook        look,
                       GError             **error)
{
  gboolean initiator = look != NULL;
  Xep174Tls *tls;

  xep174_slot_set_parser (self, parser);
  tls = xep174_tls_new (certificate, initiator, look, self, error);
  if (tls == NULL)
    return FALSE;

  self->tls = tls;
  xep174_transport_start_tls (self->transport, tls);
  return TRUE;
}

void
xep174_slot_note_encrypted (Xep174Slot *self)
{
  g_clear_pointer (&self->key, g_bytes_unref);
  self->key = xep174_tls_dup_peer_key (self->tls, &self->key_error);
  self->channel_binding = xep174_tls_dup_channel_binding (self->tls);
}

static gboolean
is_same (Xep174Slot *self,
         const char *attribute)
{
  return g_strcmp0 (xep174_element_get_attribute (self->header, attribute),
                    xep174_element_get_attribute (self->item, attribute)) == 0;
}

/* Who had no name before may have one now. */
guint
xep174_slot_check_header (Xep174Slot *self,
                          guint       event)
{
  if (event == XEP174_STREAM_EVENT_HEADER && is_same (self, "to")
      && (is_same (self, "from")
          || !xep174_is_given (xep174_element_get_attribute (self->header, "from"))))
    return event;

  return xep174_slot_fault (self, XEP174_STREAM_ERROR_INVALID_FROM,
                            _("The other side says that it is somebody else since it encrypts"));
}
