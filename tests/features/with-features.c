/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "with-features.h"

#include "xep174-feature-host.h"

void
raw_add_feature (Raw           *raw,
                 Xep174Feature *feature)
{
  g_autoptr(GError) error = NULL;

  xep174_feature_host_add_feature (XEP174_FEATURE_HOST (raw->manager), feature, &error);
  g_assert_no_error (error);
  g_object_unref (feature);
}

MemoryStream *
raw_open_to (Raw        *raw,
             const char *features)
{
  g_autofree char *info = g_strdup_printf (
    "<stream:features><query xmlns='http://jabber.org/protocol/disco#info'>%s<feature var='x'/></query>"
    "</stream:features>", features);
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, info);
  g_free (memory_stream_hear (end));
  g_free (stage_take_log (raw->stage));
  return end;
}
