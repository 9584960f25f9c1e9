/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Why a transfer did not come to a good end, for people. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"

/**
 * xep174_transfer_error_quark:
 *
 * The error domain of [error@TransferError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-transfer-error-quark, xep174_transfer_error)

static GError *
explain_unknown (Xep174Transfer *self)
{
  if (xep174_transfer_sends (self))
    return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_ENDED,
                        self->info.is_folder
                          ? _("The program of “%s” does not know the folder any more. Send it again")
                          : _("The program of “%s” does not know the file any more. Send it again"),
                        self->contact);

  return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_ENDED,
                      self->info.is_folder
                        ? _("The program of “%s” does not know the folder any more. Let it be sent again")
                        : _("The program of “%s” does not know the file any more. Let it be sent again"),
                      self->contact);
}

GError *
xep174_transfer_explain (Xep174Transfer *self,
                         guint           what)
{
  gboolean is_folder = self->info.is_folder;

  switch (what)
    {
    case XEP174_TRANSFER_EVENT_TIMEOUT:
      if (self->way_error != NULL)
        return g_error_copy (self->way_error);
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_TIMED_OUT,
                          _("Nothing was heard of “%s” for too long. Try again when they are there"),
                          self->contact);
    case XEP174_TRANSFER_EVENT_PATH_LOST:
      return self->way_error != NULL ? g_error_copy (self->way_error) : NULL;
    case XEP174_TRANSFER_NEWS_OCTETS:
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_VIOLATION,
                          is_folder ? _("“%s” has sent more than the folder was said to have")
                                    : _("“%s” has sent more than the file was said to have"), self->contact);
    case XEP174_TRANSFER_EVENT_LIE_CAME:
    case XEP174_TRANSFER_EVENT_RECEIVED_CAME:
    case XEP174_TRANSFER_NEWS_ACCEPTED:
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_VIOLATION,
                          _("The program of “%s” said what cannot be true"), self->contact);
    case XEP174_TRANSFER_EVENT_UNKNOWN_CAME:
      return explain_unknown (self);
    default:
      return NULL;
    }
}

GError *
xep174_transfer_explain_source (Xep174Transfer *self)
{
  return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_FAILED,
                      self->info.is_folder
                        ? _("The folder was changed at “%s” while it was sent, or could not be read there. "
                            "Ask for it once more")
                        : _("The file was changed at “%s” while it was sent, or could not be read there. "
                            "Ask for it once more"),
                      self->contact);
}

static GError *
explain_declined (Xep174Transfer *self)
{
  if (xep174_transfer_sends (self))
    return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_DECLINED,
                        self->info.is_folder ? _("“%s” does not want the folder")
                                             : _("“%s” does not want the file"), self->contact);

  return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_DECLINED,
                      self->info.is_folder ? _("The folder of “%s” was declined")
                                           : _("The file of “%s” was declined"), self->contact);
}

GError *
xep174_transfer_explain_end (Xep174Transfer *self)
{
  gboolean is_folder = self->info.is_folder;

  switch (self->fsm.state)
    {
    case XEP174_TRANSFER_DECLINED:
      return explain_declined (self);
    case XEP174_TRANSFER_CANCELLED:
      return g_error_new_literal (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_CANCELLED,
                                  is_folder ? _("The folder was cancelled") : _("The file was cancelled"));
    case XEP174_TRANSFER_ENDED:
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_ENDED,
                          is_folder ? _("“%s” has cancelled the folder") : _("“%s” has cancelled the file"),
                          self->contact);
    case XEP174_TRANSFER_UNCONFIRMED:
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_UNCONFIRMED,
                          _("All was sent, but “%s” does not say that it has arrived. Ask whether it is "
                            "there"),
                          self->contact);
    default:
      return g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_FAILED,
                          is_folder ? _("The program of “%s” could not go on with the folder")
                                    : _("The program of “%s” could not go on with the file"), self->contact);
    }
}
