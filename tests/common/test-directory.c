/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-directory.h"

#include "log-trap.h"

/* A directory whose language binding loses the user data of the callbacks, as PyGObject 3.50 does. */
#define TYPE_LOSER (loser_get_type ())
G_DECLARE_FINAL_TYPE (Loser, loser, TEST, LOSER, GObject)

struct _Loser
{
  GObject parent_instance;
  gboolean loses;
  GPtrArray *tasks;
};

static void
loser_identify_async (Xep174Directory     *directory,
                      GSocketAddress      *address,
                      const char          *claimed_name,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  Loser *self = TEST_LOSER (directory);
  GTask *task = g_task_new (self, cancellable, callback, self->loses ? NULL : user_data);

  g_task_set_task_data (task, g_strdup (claimed_name), g_free);
  g_ptr_array_add (self->tasks, task);
}

static char *
loser_identify_finish (Xep174Directory *directory,
                       GAsyncResult    *result,
                       GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
loser_directory_init (Xep174DirectoryInterface *iface)
{
  iface->identify_async = loser_identify_async;
  iface->identify_finish = loser_identify_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Loser, loser, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY, loser_directory_init))

static void
loser_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_LOSER (object)->tasks);
  G_OBJECT_CLASS (loser_parent_class)->finalize (object);
}

static void
loser_class_init (LoserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loser_finalize;
}

static void
loser_init (Loser *self)
{
  self->tasks = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
on_identified (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  char **answer = user_data;

  g_assert_null (*answer);
  *answer = xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, NULL);
}

static void
ask (Loser      *self,
     const char *name,
     char      **answer)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 40000);

  xep174_directory_identify_async (XEP174_DIRECTORY (self), address, name, NULL, on_identified,
                                   answer);
}

static void
answer (Loser *self,
        guint  i)
{
  GTask *task = self->tasks->pdata[i];

  g_task_return_pointer (task, g_strdup (g_task_get_task_data (task)), g_free);
  g_ptr_array_remove_index (self->tasks, i);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* X13: each question gets its own answer, in whatever order they come. */
static void
test_questions (gconstpointer loses)
{
  const guint n_questions = loses != NULL ? 64 : 200;
  g_autoptr(Loser) self = g_object_new (TYPE_LOSER, NULL);

  self->loses = loses != NULL;
  for (guint round = 0; round < 3; round++)
    {
      char *answers[200] = { NULL };

      for (guint i = 0; i < n_questions; i++)
        {
          g_autofree char *name = g_strdup_printf ("%u@capulet", i);

          ask (self, name, &answers[i]);
        }
      while (self->tasks->len > 0)
        answer (self, (self->tasks->len * 7 + round) % self->tasks->len);
      for (guint i = 0; i < n_questions; i++)
        {
          g_autofree char *name = g_strdup_printf ("%u@capulet", i);

          g_assert_cmpstr (answers[i], ==, name);
          g_free (answers[i]);
        }
    }
}

/* What cannot be told apart any more is lost with a criticism; no answer goes to another question. */
static void
test_too_many (void)
{
  g_autoptr(Loser) self = g_object_new (TYPE_LOSER, NULL);
  char *answers[65] = { NULL };

  self->loses = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    ask (self, "tybalt@capulet", &answers[i]);
  answer (self, 64);
  log_trap_expect ("lost its user data");
  while (self->tasks->len > 0)
    answer (self, 0);
  g_assert_null (answers[64]);
  for (guint i = 0; i < 64; i++)
    {
      g_assert_cmpstr (answers[i], ==, "tybalt@capulet");
      g_free (answers[i]);
    }
}

/* A directory that leaves its functions out, as a class in GJS has to: it cannot have a function that
 * is given a callback. */
#define TYPE_BLANK (blank_get_type ())
G_DECLARE_FINAL_TYPE (Blank, blank, TEST, BLANK, GObject)

struct _Blank
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (Blank, blank, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY, NULL))

static void
blank_class_init (BlankClass *klass)
{
}

static void
blank_init (Blank *self)
{
}

static void
on_refused (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError **error = user_data;

  g_assert_no_error (*error);
  g_assert_null (xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, error));
}

/* X13: it reaches nobody and believes nobody, and says so. */
static void
test_nothing_implemented (void)
{
  g_autoptr(Xep174Directory) self = g_object_new (TYPE_BLANK, NULL);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 40000);
  const char *const names[] = { "juliet@capulet", NULL };
  const int codes[] = { XEP174_DIRECTORY_ERROR_WRONG_ADDRESS, XEP174_DIRECTORY_ERROR_AMBIGUOUS };
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_directory_dup_connectable (self, "juliet@capulet", &error));
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  xep174_directory_report_failure (self, "juliet@capulet");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_clear_error (&error);
      xep174_directory_identify_async (self, address, names[i], NULL, on_refused, &error);
      while (error == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_error (error, XEP174_DIRECTORY_ERROR, codes[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();
  g_test_add_data_func ("/directory/X13/questions", NULL, test_questions);
  g_test_add_data_func ("/directory/X13/without-user-data", GINT_TO_POINTER (TRUE), test_questions);
  g_test_add_func ("/directory/too-many-without-user-data", test_too_many);
  g_test_add_func ("/directory/X13/nothing-implemented", test_nothing_implemented);
  return g_test_run ();
}
