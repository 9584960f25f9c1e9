/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Directory:
 *
 * Knows names and addresses: sessions ask it who is where.
 *
 * Sessions know nothing of DNS-SD. They ask a directory how to reach a name before they connect, and
 * which name belongs to an address before they believe an incoming stream. [class@Discovery] is a
 * directory. If your program finds its contacts in another way, implement your own. In the callbacks
 * of its functions the source object must be the directory itself.
 *
 * Names are the instance names of XEP-0174 §3, `user@machine`, compared without the case of
 * ASCII letters, as DNS does (RFC 6762 §16).
 *
 * Since: 1.0
 */

#include "xep174-directory.h"

G_DEFINE_INTERFACE (Xep174Directory, xep174_directory, G_TYPE_OBJECT)

/**
 * xep174_directory_error_quark:
 *
 * The error domain of [error@DirectoryError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-directory-error-quark, xep174_directory_error)

/* A question to a directory that may be written in another language. PyGObject 3.50 loses the user
 * data there, and several questions may be open at a time. So each of the first 64 gets a callback
 * function of its own, and the function tells which question is answered. */

#define N_OWN_CALLBACKS 64

typedef struct
{
  GAsyncReadyCallback callback;
  gpointer user_data;
} Question;

static Question **
get_questions (gpointer directory)
{
  GQuark key = g_quark_from_static_string ("xep174-directory-questions");
  Question **questions = g_object_get_qdata (directory, key);

  if (questions == NULL)
    {
      questions = g_new0 (Question *, N_OWN_CALLBACKS);
      g_object_set_qdata_full (directory, key, questions, g_free);
    }

  return questions;
}

static void
answer_question (Question     *question,
                 GObject      *object,
                 GAsyncResult *result)
{
  g_autofree Question *own = question;

  if (own == NULL)
    g_critical ("%s called back twice from identify_async, or the callback lost its user data",
                G_OBJECT_TYPE_NAME (object));
  else if (own->callback != NULL)
    own->callback (object, result, own->user_data);
}

static void
answer (guint         i,
        GObject      *object,
        GAsyncResult *result)
{
  g_return_if_fail (XEP174_IS_DIRECTORY (object));

  answer_question (g_steal_pointer (&get_questions (object)[i]), object, result);
}

/* The digits are octal: eight times eight callbacks. */
#define EIGHT(do, i) do (i##0) do (i##1) do (i##2) do (i##3) do (i##4) do (i##5) do (i##6) do (i##7)
#define ALL(do) \
  EIGHT (do, 0) EIGHT (do, 1) EIGHT (do, 2) EIGHT (do, 3) \
  EIGHT (do, 4) EIGHT (do, 5) EIGHT (do, 6) EIGHT (do, 7)
#define CALLBACK(i) \
  static void \
  answer_##i (GObject *object, GAsyncResult *result, gpointer user_data) \
  { \
    answer (0##i, object, result); \
  }
#define NAME(i) answer_##i,

ALL (CALLBACK)

static const GAsyncReadyCallback own_callbacks[N_OWN_CALLBACKS] = { ALL (NAME) };

/* The questions beyond the first 64. They are kept too, because a question that is lost is never
 * answered. */
static GHashTable *
get_further (gpointer directory)
{
  GQuark key = g_quark_from_static_string ("xep174-directory-further-questions");
  GHashTable *further = g_object_get_qdata (directory, key);

  if (further == NULL)
    {
      further = g_hash_table_new_full (NULL, NULL, g_free, NULL);
      g_object_set_qdata_full (directory, key, further, (GDestroyNotify) g_hash_table_unref);
    }

  return further;
}

static void
answer_further (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_return_if_fail (XEP174_IS_DIRECTORY (object));

  if (user_data != NULL && !g_hash_table_steal (get_further (object), user_data))
    user_data = NULL;
  answer_question (user_data, object, result);
}

/* These stand in for functions that a class leaves out; GJS, for example, cannot write
 * identify_async(). Such a directory reaches nobody, or believes nobody (X13). */

static GSocketConnectable *
default_dup_connectable (Xep174Directory *self,
                         const char      *name,
                         GError         **error)
{
  g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
               "“%s” cannot be reached: %s does not tell addresses", name,
               G_OBJECT_TYPE_NAME (self));
  return NULL;
}

static void
default_identify_async (Xep174Directory     *self,
                        GSocketAddress      *address,
                        const char          *claimed_name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, default_identify_async);
  g_task_return_new_error (task, XEP174_DIRECTORY_ERROR,
                           claimed_name != NULL ? XEP174_DIRECTORY_ERROR_WRONG_ADDRESS
                                                : XEP174_DIRECTORY_ERROR_AMBIGUOUS,
                           "It is not known who calls: %s does not tell whose an address is",
                           G_OBJECT_TYPE_NAME (self));
}

static char *
default_identify_finish (Xep174Directory *self,
                         GAsyncResult    *result,
                         GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
xep174_directory_default_init (Xep174DirectoryInterface *iface)
{
  iface->dup_connectable = default_dup_connectable;
  iface->identify_async = default_identify_async;
  iface->identify_finish = default_identify_finish;
}

/**
 * xep174_directory_dup_connectable:
 * @self: a directory
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Gets the way to a contact.
 *
 * Addresses are looked up when the result is enumerated, not before (XEP-0174 §4), so the
 * enumerator must have a real `next_async`.
 *
 * Returns: (transfer full): what a [class@Gio.SocketClient] can connect to, or %NULL with an
 *   error of [error@DirectoryError]
 *
 * Since: 1.0
 */
GSocketConnectable *
xep174_directory_dup_connectable (Xep174Directory *self,
                                  const char      *name,
                                  GError         **error)
{
  GSocketConnectable *connectable;
  GError *reason = NULL;

  g_return_val_if_fail (XEP174_IS_DIRECTORY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* A language binding reports an error that was set behind a NULL @error as not caught, so we
   * always ask for it. */
  connectable = XEP174_DIRECTORY_GET_IFACE (self)->dup_connectable (self, name, &reason);
  /* A function in another language that raises something else than a GError returns without a
   * reason. */
  if (connectable == NULL && reason == NULL)
    reason = g_error_new (XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                          "“%s” cannot be reached, and %s gave no reason", name,
                          G_OBJECT_TYPE_NAME (self));
  if (reason != NULL)
    g_propagate_error (error, reason);

  return connectable;
}

/**
 * xep174_directory_identify_async:
 * @self: a directory
 * @address: the address that a connection comes from
 * @claimed_name: (nullable): the `from` of its stream header, %NULL if it has none
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called exactly once
 * @user_data: data for @callback
 *
 * Asks which contact may speak from an address.
 *
 * If @claimed_name is given and @address is one of its addresses, the answer is that name, as it is
 * published. If no name is given, the answer is the only contact that is known to have the address.
 *
 * Since: 1.0
 */
void
xep174_directory_identify_async (Xep174Directory     *self,
                                 GSocketAddress      *address,
                                 const char          *claimed_name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  Question **questions, *question;
  guint i = 0;

  g_return_if_fail (XEP174_IS_DIRECTORY (self));
  g_return_if_fail (G_IS_SOCKET_ADDRESS (address));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  question = g_new (Question, 1);
  question->callback = callback;
  question->user_data = user_data;

  questions = get_questions (self);
  while (i < N_OWN_CALLBACKS && questions[i] != NULL)
    i++;
  if (i < N_OWN_CALLBACKS)
    questions[i] = question;
  else
    g_hash_table_add (get_further (self), question);

  XEP174_DIRECTORY_GET_IFACE (self)->identify_async (
    self, address, claimed_name, cancellable,
    i < N_OWN_CALLBACKS ? own_callbacks[i] : answer_further, question);
}

/**
 * xep174_directory_identify_finish:
 * @self: a directory
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Directory.identify_async].
 *
 * Returns: (transfer full): the name as its owner publishes it, or %NULL with an error of
 *   [error@DirectoryError] or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
char *
xep174_directory_identify_finish (Xep174Directory *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  GError *reason = NULL;
  char *name;

  g_return_val_if_fail (XEP174_IS_DIRECTORY (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  name = XEP174_DIRECTORY_GET_IFACE (self)->identify_finish (self, result, &reason);
  if (name == NULL && reason == NULL)
    reason = g_error_new (XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                          "It is not known who calls, and %s gave no reason",
                          G_OBJECT_TYPE_NAME (self));
  if (reason != NULL)
    g_propagate_error (error, reason);

  return name;
}

/**
 * xep174_directory_report_failure:
 * @self: a directory
 * @name: the name of a contact
 *
 * Tells the directory that nobody answered at the addresses of @name. It should ask the network
 * again, because a machine that loses its link says no goodbye.
 *
 * Since: 1.0
 */
void
xep174_directory_report_failure (Xep174Directory *self,
                                 const char      *name)
{
  Xep174DirectoryInterface *iface;

  g_return_if_fail (XEP174_IS_DIRECTORY (self));
  g_return_if_fail (name != NULL);

  iface = XEP174_DIRECTORY_GET_IFACE (self);
  if (iface->report_failure != NULL)
    iface->report_failure (self, name);
}
