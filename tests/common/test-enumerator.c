/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D12: who asks for addresses may ask again before he is answered, as GSocketClient does. */

#include "xep174-enumerator-private.h"

G_DECLARE_FINAL_TYPE (Slow, slow, TEST, SLOW, Xep174Enumerator)

/* It answers nobody by itself. */
struct _Slow
{
  Xep174Enumerator parent_instance;
  guint asked;
};

G_DEFINE_FINAL_TYPE (Slow, slow, XEP174_TYPE_ENUMERATOR)

static void
slow_asked (Xep174Enumerator *self)
{
  TEST_SLOW (self)->asked++;
}

static void
slow_class_init (SlowClass *klass)
{
  XEP174_ENUMERATOR_CLASS (klass)->asked = slow_asked;
}

static void
slow_init (Slow *self)
{
}

static void
on_next (GObject      *enumerator,
         GAsyncResult *result,
         gpointer      log)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = NULL;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (enumerator), result,
                                                     &error);
  if (error != NULL)
    g_string_append (log, "cancelled ");
  else
    g_string_append_printf (log, "%u ",
                            g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static void
answer (Slow    *slow,
        guint16  port)
{
  g_autoptr(GTask) task = xep174_enumerator_steal_task (XEP174_ENUMERATOR (slow));

  g_task_return_pointer (task, g_inet_socket_address_new_from_string ("192.0.2.1", port),
                         g_object_unref);
}

static void
test_asked_again (void)
{
  g_autoptr(Slow) slow = g_object_new (slow_get_type (), NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GString) log = g_string_new (NULL);
  GCancellable *askers[] = { NULL, cancellable, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    g_socket_address_enumerator_next_async (G_SOCKET_ADDRESS_ENUMERATOR (slow), askers[i], on_next,
                                            log);
  g_assert_cmpuint (slow->asked, ==, 3);
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "cancelled ");
  answer (slow, 1);
  answer (slow, 2);
  g_assert_false (xep174_enumerator_is_awaited (XEP174_ENUMERATOR (slow)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "cancelled 1 2 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enumerator/D12/asked-again", test_asked_again);
  return g_test_run ();
}
