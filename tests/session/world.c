/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world.h"

#include <string.h>

#include "stage.h"

#define T_CLOSE 3000
/* ms; how long octets are under way at most while nothing is harmed. */
#define LATENCY 500

typedef struct
{
  World *world;
  /* The initiator's end is the first. */
  MemoryStream *ends[2];
  GString *wrote[2];
  GString *reached[2]; /* what has reached the other end */
  gint64 said_footer[2]; /* when, in ms */
  guint initiator;
  gboolean cut;
  gboolean narrow;
} Wire;

struct _World
{
  Stage *stage;
  WorldDie die;
  gpointer die_data;
  gboolean harm;
  Xep174SessionManager *sides[2];
  gconstpointer second; /* the manager of the second side, also while it goes */
  GPtrArray *wires;
  guint still_ms;
  guint asked[2];        /* messages that were sent, numbered from 0 */
  GHashTable *fate[2];   /* number -> 'y' sent, 'n' not sent, '?' half */
  GHashTable *doubtful[2];
  GArray *got[2];        /* what the other side got, in order */
  GPtrArray *requests;   /* cancellables of what was asked for */
  WorldFault (*fault) (gpointer data);
  gpointer fault_data;
  GPtrArray *strangers;  /* the far ends of connections that are none of the two's */
};

guint world_crossed;

static const char *const names[] = { "juliet@capulet", "romeo@montague", NULL };

static guint
throw (World *world,
       guint  n)
{
  return world->die (world->die_data, n);
}

/* --- What the managers tell -------------------------------------------------------------- */

static guint
side_of (World                *world,
         Xep174SessionManager *manager)
{
  return manager == world->second;
}

static gboolean
is_between_the_two (Xep174Session *session)
{
  return g_strv_contains (names, xep174_session_get_name (session));
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           World                *world)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);
  guint number;

  if (body == NULL || !is_between_the_two (session))
    return FALSE;

  number = g_ascii_strtoull (body, NULL, 10);
  g_array_append_val (world->got[1 - side_of (world, manager)], number);
  return TRUE;
}

static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                World                *world)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body != NULL)
    g_hash_table_add (world->doubtful[side_of (world, manager)],
                      GUINT_TO_POINTER (g_ascii_strtoull (body, NULL, 10)));
}

typedef struct
{
  World *world;
  guint side;
  guint number;
} Sent;

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autofree Sent *sent = data;
  g_autoptr(GError) error = NULL;
  char fate = 'y';

  if (!xep174_session_send_finish (XEP174_SESSION (session), result, &error))
    fate = g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED) ? '?'
                                                                                          : 'n';
  g_assert_false (g_hash_table_contains (sent->world->fate[sent->side],
                                         GUINT_TO_POINTER (sent->number)));
  g_hash_table_insert (sent->world->fate[sent->side], GUINT_TO_POINTER (sent->number),
                       GUINT_TO_POINTER ((guint) fate));
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
  guint side = g_str_equal (from, names[1]);

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

static GCancellable *
add_request (World *world)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_ptr_array_add (world->requests, cancellable);
  return cancellable;
}

void
world_send (World *world,
            guint  side)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body = xep174_element_append_new (message, "body", "jabber:client");
  g_autofree char *text = g_strdup_printf ("%u", world->asked[side]);
  Sent *sent;

  if (world->sides[side] == NULL)
    return;

  sent = g_new0 (Sent, 1);
  session = xep174_session_manager_ensure_session (world->sides[side], names[1 - side], NULL);
  sent->world = world;
  sent->side = side;
  sent->number = world->asked[side]++;
  xep174_element_append_text (body, text);
  xep174_session_send_async (session, message, add_request (world), on_sent, sent);
}

void
world_close (World *world,
             guint  side)
{
  g_autoptr(Xep174Session) session = NULL;

  if (world->sides[side] == NULL)
    return;

  session = xep174_session_manager_ensure_session (world->sides[side], names[1 - side], NULL);
  xep174_session_close_async (session, add_request (world), NULL, NULL);
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
  guint side = g_str_equal (dial->from, names[1]);
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

/* Both have closed, their closing tags have crossed, and one has waited in vain for what was on its
 * way: longer than T_close. Nobody can tell that from a closing handshake. (Where the buffers were
 * narrow one of the tags may have stayed in them.) */
static gboolean
has_crossed (World *world,
             guint  side,
             guint  number)
{
  g_autofree char *body = g_strdup_printf ("<body>%u</body>", number);

  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];
      guint end = wire->initiator == side ? 0 : 1;

      if (strstr (wire->wrote[end]->str, body) != NULL)
        return strstr (wire->wrote[1 - end]->str, "</stream:stream>") != NULL
               && (wire->narrow || strstr (wire->wrote[end]->str, "</stream:stream>") != NULL);
    }
  return FALSE;
}

static void
check_messages (World *world,
                guint  side)
{
  g_autoptr(GHashTable) arrived = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < world->got[side]->len; i++)
    {
      guint number = g_array_index (world->got[side], guint, i);

      g_assert_true (g_hash_table_add (arrived, GUINT_TO_POINTER (number)));
      g_assert_true (i == 0 || g_array_index (world->got[side], guint, i - 1) < number);
    }
  for (guint number = 0; number < world->asked[side]; number++)
    {
      gpointer key = GUINT_TO_POINTER (number);
      char fate = GPOINTER_TO_UINT (g_hash_table_lookup (world->fate[side], key));

      g_assert_cmpint (fate, !=, 0);
      if (fate == 'n')
        g_assert_false (g_hash_table_contains (arrived, key));
      else if (fate == 'y' && world->sides[side] != NULL
               && !g_hash_table_contains (world->doubtful[side], key)
               && !g_hash_table_contains (arrived, key))
        {
          g_assert_true (world->harm && has_crossed (world, side, number));
          world_crossed++;
        }
    }
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
      world->sides[i] = stage_manager_new (world->stage, names[i]);
      g_signal_handlers_disconnect_by_data (world->sides[i], world->stage);
      g_signal_connect (world->sides[i], "stanza-received", G_CALLBACK (on_stanza), world);
      g_signal_connect (world->sides[i], "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), world);
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
    check_messages (world, side);
  world_free (world);
}
