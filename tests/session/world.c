/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world-private.h"

#include <string.h>

#define T_CLOSE 3000
/* ms; how long octets are under way at most while nothing is harmed. */
#define LATENCY 500

const char *const world_names[] = { "juliet@capulet", "romeo@montague", NULL };

static guint
throw (World *world,
       guint  n)
{
  return world->die (world->die_data, n);
}

/* --- What the wires show ----------------------------------------------------------------- */

static gboolean
has_stanza (GString *text)
{
  return strstr (text->str, "<message ") != NULL || strstr (text->str, "<iq ") != NULL;
}

static gboolean
is_over (Wire  *wire,
         guint  end)
{
  return memory_stream_is_closed (wire->ends[end]) || memory_stream_has_ended (wire->ends[end]);
}

/* Whether the stream has not ended for the side at @end: it may not open another one. Its own
 * closing tag may be the answer to the peer's, still in its buffer; and nobody waits for ever. */
static gboolean
is_in_the_way (Wire   *wire,
               guint   end,
               gint64  now)
{
  const char *mine = wire->wrote[end]->str;
  gboolean begun = end == 0 || strstr (mine, "</stream:features>") != NULL;
  gboolean given_up = wire->said_footer[end] != 0 && now - wire->said_footer[end] >= T_CLOSE;

  return begun && !wire->cut && !wire->narrow && !is_over (wire, end) && !given_up
         && strstr (wire->reached[1 - end]->str, "</stream:stream>") == NULL
         && strstr (wire->reached[1 - end]->str, "</stream:error>") == NULL;
}

static void
look_at_wires (World *world)
{
  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];

      for (guint end = 0; end < 2; end++)
        {
          memory_stream_copy_written (wire->ends[end], wire->wrote[end]);
          memory_stream_copy_delivered (wire->ends[end], wire->reached[end]);
          if (wire->said_footer[end] == 0
              && strstr (wire->wrote[end]->str, "</stream:stream>") != NULL)
            wire->said_footer[end] = xep174_clock_get_now_ms (world->stage->clock);
        }
      /* S1. */
      g_assert_true (!has_stanza (wire->wrote[1]) || has_stanza (wire->reached[0]));
    }
}

static void
settle (World *world)
{
  stage_settle (world->stage);
  look_at_wires (world);
}

static void
on_dial (const char *from,
         gpointer    data)
{
  World *world = data;
  guint side = g_str_equal (from, world_names[1]);

  look_at_wires (world);
  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];

      /* S6. */
      g_assert_false (is_in_the_way (wire, wire->initiator == side ? 0 : 1,
                                     xep174_clock_get_now_ms (world->stage->clock)));
    }
}

/* --- What can happen --------------------------------------------------------------------- */

GCancellable *
world_add_request (World *world)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_ptr_array_add (world->requests, cancellable);
  return cancellable;
}

void
world_close (World *world,
             guint  side)
{
  g_autoptr(Xep174Session) session = NULL;

  if (world->sides[side] == NULL)
    return;

  session = xep174_session_manager_ensure_session (world->sides[side], world_names[1 - side], NULL);
  xep174_session_close_async (session, world_add_request (world), NULL, NULL);
}

gboolean
world_cancel (World *world,
              guint  number)
{
  if (number >= world->requests->len)
    return FALSE;

  g_cancellable_cancel (world->requests->pdata[number]);
  return TRUE;
}

void
world_drop (World *world,
            guint  side)
{
  g_clear_object (&world->sides[side]);
}

static MemoryFault
on_operation (gpointer data)
{
  Wire *wire = data;
  World *world = wire->world;

  switch (world->fault != NULL ? world->fault (world->fault_data) : WORLD_FAULT_NONE)
    {
    case WORLD_FAULT_AGAIN:
      return MEMORY_FAULT_AGAIN;
    case WORLD_FAULT_SHORT:
      return MEMORY_FAULT_SHORT;
    case WORLD_FAULT_RESET:
      memory_stream_break (wire->ends[0]);
      break;
    case WORLD_FAULT_TIME_OUT:
      memory_stream_time_out (wire->ends[0]);
      break;
    case WORLD_FAULT_SILENCE:
      memory_stream_cut (wire->ends[0]);
      wire->cut = TRUE;
      break;
    case WORLD_FAULT_NONE:
    default:
      break;
    }
  return MEMORY_FAULT_NONE;
}

void
world_set_fault (World      *world,
                 WorldFault (*fault) (gpointer data),
                 gpointer     data)
{
  world->fault = fault;
  world->fault_data = data;
}

void
world_set_step (World    *world,
                void    (*step) (gpointer data),
                gpointer  data)
{
  world->stage->on_step = step;
  world->stage->on_step_data = data;
}

static void
take_dial (World     *world,
           StageDial *dial)
{
  guint side = g_str_equal (dial->from, world_names[1]);
  g_autoptr(GError) error = NULL;
  Wire *wire;

  if (world->sides[1 - side] == NULL)
    {
      stage_refuse (world->stage, dial);
      return;
    }

  wire = g_new0 (Wire, 1);
  wire->world = world;
  wire->initiator = side;
  for (guint end = 0; end < 2; end++)
    {
      wire->wrote[end] = g_string_new (NULL);
      wire->reached[end] = g_string_new (NULL);
    }
  wire->ends[1] = stage_accept (world->stage, dial);
  wire->ends[0] = memory_stream_dup_other (wire->ends[1]);
  memory_stream_set_fault (wire->ends[0], on_operation, wire);
  for (guint end = 0; end < 2; end++)
    memory_stream_set_flowing (wire->ends[end], FALSE);
  g_ptr_array_add (world->wires, wire);
  xep174_session_manager_add_connection (world->sides[1 - side], G_IO_STREAM (wire->ends[1]),
                                         XEP174_SESSION_ROLE_RECIPIENT, NULL, &error);
  g_assert_no_error (error);
}

static void
do_dial (World *world)
{
  StageDial *dial = stage_next_dial (world->stage);

  if (dial == NULL)
    return;

  if (throw (world, 8) == 0)
    stage_refuse (world->stage, dial);
  else
    take_dial (world, dial);
}

static Wire *
pick_wire (World *world)
{
  return world->wires->len > 0 ? world->wires->pdata[throw (world, world->wires->len)] : NULL;
}

static void
do_deliver (World *world)
{
  Wire *wire = pick_wire (world);
  guint n = throw (world, 3);

  if (wire != NULL)
    memory_stream_deliver (wire->ends[throw (world, 2)],
                           n == 0 ? 1 : n == 1 ? 1 + throw (world, 200) : G_MAXSIZE);
}

static void
do_room (World *world)
{
  Wire *wire = pick_wire (world);

  if (wire == NULL)
    return;

  wire->narrow = TRUE;
  memory_stream_set_room (wire->ends[throw (world, 2)],
                          throw (world, 3) == 0 ? throw (world, 150) : G_MAXUINT);
}

static void
do_harm (World *world)
{
  Wire *wire = pick_wire (world);

  if (wire == NULL || throw (world, 4) != 0)
    return;

  if (throw (world, 2) == 0)
    memory_stream_break (wire->ends[0]);
  else
    {
      memory_stream_cut (wire->ends[0]);
      wire->cut = TRUE;
    }
}

static void
let_flow (World *world)
{
  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];

      for (guint end = 0; end < 2; end++)
        {
          memory_stream_set_room (wire->ends[end], G_MAXUINT);
          stage_settle (world->stage);
          memory_stream_deliver (wire->ends[end], G_MAXSIZE);
        }
    }
  settle (world);
  world->still_ms = 0;
}

/* On a network that works nothing is under way for long. */
static void
do_time (World *world)
{
  static const guint times[] = { 1, 10, 100, 600, 1100, 2100, 3100, 6000 };
  guint ms = times[throw (world, G_N_ELEMENTS (times))];

  while (ms > 0)
    {
      guint step = world->harm ? ms : MIN (ms, LATENCY);

      if (!world->harm && world->still_ms + step > LATENCY)
        let_flow (world);
      world->still_ms += step;
      stage_advance (world->stage, step);
      ms -= step;
    }
}

void
world_happen (World *world)
{
  guint n = throw (world, 100);

  if (n < 12)
    world_send (world, throw (world, 2));
  else if (n < 14)
    world_close (world, throw (world, 2));
  else if (n < 30)
    do_dial (world);
  else if (n < 80)
    do_deliver (world);
  else if (n < 85)
    do_room (world);
  else if (n < 87 && world->harm)
    do_harm (world);
  else if (n == 87 || n == 88)
    world_ask (world, throw (world, 2));
  else if (n >= 90)
    do_time (world);
  settle (world);
}

/* It says it all at once, from the name of a third, and never reads. */
void
world_add_stranger (World        *world,
                    gconstpointer octets,
                    gsize         length)
{
  MemoryStream *near_end;
  MemoryStream *far_end;

  memory_stream_new_pair (&near_end, &far_end);
  g_ptr_array_add (world->strangers, far_end);
  memory_stream_say_octets (far_end, octets, length);
  xep174_session_manager_add_connection (world->sides[throw (world, 2)], G_IO_STREAM (near_end),
                                         XEP174_SESSION_ROLE_RECIPIENT, "mercutio@verona", NULL);
  g_object_unref (near_end);
  settle (world);
}

/* --- To the end -------------------------------------------------------------------------- */

void
world_let_go (World *world)
{
  StageDial *dial;

  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];

      /* TCP gives up in the end. */
      if (wire->cut)
        memory_stream_break (wire->ends[0]);
      for (guint end = 0; end < 2; end++)
        memory_stream_set_flowing (wire->ends[end], TRUE);
    }
  let_flow (world);
  while ((dial = stage_next_dial (world->stage)) != NULL)
    {
      take_dial (world, dial);
      settle (world);
    }
}

void
world_trickle (World *world,
               guint  quantum)
{
  StageDial *dial;
  gboolean moves;

  do
    {
      moves = FALSE;
      settle (world);
      while ((dial = stage_next_dial (world->stage)) != NULL)
        take_dial (world, dial);
      for (guint i = 0; i < 2 * world->wires->len; i++)
        {
          Wire *wire = world->wires->pdata[i / 2];

          if (memory_stream_get_in_flight (wire->ends[i % 2]) == 0)
            continue;
          memory_stream_deliver (wire->ends[i % 2], quantum);
          settle (world);
          moves = TRUE;
        }
    }
  while (moves);
}

static guint
count_open (World *world)
{
  guint n = 0;

  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];

      if (!is_over (wire, 0) || !is_over (wire, 1))
        n++;
    }
  return n;
}

static void
wire_free (gpointer data)
{
  Wire *wire = data;

  for (guint end = 0; end < 2; end++)
    {
      g_object_unref (wire->ends[end]);
      g_string_free (wire->wrote[end], TRUE);
      g_string_free (wire->reached[end], TRUE);
    }
  g_free (wire);
}

World *
world_new (WorldDie  die,
           gpointer  die_data,
           gboolean  harm)
{
  World *world = g_new0 (World, 1);

  world->stage = stage_new ();
  world->stage->on_dial = on_dial;
  world->stage->on_dial_data = world;
  world->die = die;
  world->die_data = die_data;
  world->harm = harm;
  world->wires = g_ptr_array_new_with_free_func (wire_free);
  world->requests = g_ptr_array_new_with_free_func (g_object_unref);
  world->strangers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 2; i++)
    {
      world->sides[i] = stage_manager_new (world->stage, world_names[i]);
      g_signal_handlers_disconnect_by_data (world->sides[i], world->stage);
      world_follow_messages (world, i);
      g_object_set (world->sides[i], "max-unidentified", 1000, NULL);
      world->second = world->sides[i];
      world->fate[i] = g_hash_table_new (NULL, NULL);
      world->doubtful[i] = g_hash_table_new (NULL, NULL);
      world->got[i] = g_array_new (FALSE, FALSE, sizeof (guint));
    }
  return world;
}

static void
world_free (World *world)
{
  world_set_step (world, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    {
      if (world->sides[i] != NULL)
        g_assert_finalize_object (g_steal_pointer (&world->sides[i]));
      stage_settle (world->stage);
      g_hash_table_unref (world->fate[i]);
      g_hash_table_unref (world->doubtful[i]);
      g_array_unref (world->got[i]);
    }
  for (guint i = 0; i < world->wires->len; i++)
    memory_stream_set_fault (((Wire *) world->wires->pdata[i])->ends[0], NULL, NULL);
  g_ptr_array_unref (world->wires);
  g_ptr_array_unref (world->requests);
  g_ptr_array_unref (world->strangers);
  stage_free (world->stage);
  g_free (world);
}

void
world_wait (World *world,
            guint  ms)
{
  stage_advance (world->stage, ms);
}

void
world_end (World *world)
{
  g_ptr_array_set_size (world->strangers, 0);
  for (guint i = 0; i < 120; i++)
    {
      world_let_go (world);
      stage_advance (world->stage, 1000);
    }
  /* S3. */
  g_assert_cmpuint (count_open (world), <=, 1);
  for (guint side = 0; side < 2; side++)
    world_check_messages (world, side);
  world_free (world);
}
