/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "story.h"

void
begin (Story    *story,
       gboolean  smaller)
{
  xep174_arbiter_init (&story->arbiter, smaller, 2);
  story->list.n = 0;
}

void
expect (Story      *story,
        const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < story->list.n; i++)
    {
      const Xep174Action *action = &story->list.actions[i];

      if (action->kind == XEP174_ACTION_START_TIMER || action->kind == XEP174_ACTION_STOP_TIMER)
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append (text, xep174_action_name (action->kind));
      if (action->slot != NONE)
        g_string_append_printf (text, " %u", action->slot);
    }

  g_assert_cmpstr (text->str, ==, expected);
}

void
happens (Story      *story,
         guint       event,
         guint       slot,
         const char *expected)
{
  xep174_arbiter_step (&story->arbiter, event, slot, &story->list);
  expect (story, expected);
}

void
asked (Story         *story,
       Xep174HeadKind head,
       const char    *expected)
{
  story->arbiter.head = head;
  happens (story, XEP174_ARBITER_EVENT_HEAD, NONE, expected);
}

void
comes_in (Story             *story,
          Xep174StreamEvent  header,
          const char        *expected)
{
  Xep174Stream stream = { 0 };

  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  xep174_arbiter_adopt (&story->arbiter, &stream, header, &story->list);
  expect (story, expected);
}

gboolean
runs (const Story *story,
      Xep174Timer  timer,
      guint        slot)
{
  if (slot == NONE)
    return (story->arbiter.timers >> timer) & 1;

  return (story->arbiter.stream_timers[slot] >> timer) & 1;
}

void
begin_encrypted (Story    *story,
                 gboolean  smaller,
                 gboolean  sealed)
{
  begin (story, smaller);
  story->arbiter.encrypts = TRUE;
  story->arbiter.sealed = sealed;
}

void
secures (Story *story,
         guint  slot,
         guint  key)
{
  g_autofree char *begins = g_strdup_printf ("send proceed %u, begin TLS %u", slot, slot);

  happens (story, XEP174_STREAM_EVENT_STARTTLS, slot, begins);
  g_assert_true (runs (story, XEP174_TIMER_TLS, slot));
  story->arbiter.slots[slot].key = key;
  happens (story, XEP174_STREAM_EVENT_TLS_DONE, slot, "");
}
