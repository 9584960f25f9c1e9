/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "book.h"

#include "xep174-name-private.h"

typedef struct
{
  char *name;
  char *host;
  guint16 port;
} Entry;

struct _TestBook
{
  GObject parent_instance;
  GPtrArray *entries;
  gboolean slow;
  GQueue questions;
  GQueue asked; /* of GTask: who wants the next host of a name that has several */
  guint failures;
  guint look_ups;
};

static void test_book_directory_init (Xep174DirectoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestBook, test_book, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY,
                                                      test_book_directory_init))

typedef struct
{
  char *claimed;
  char *host;
} Question;

static void
question_free (Question *question)
{
  g_free (question->claimed);
  g_free (question->host);
  g_free (question);
}

static void
entry_free (Entry *entry)
{
  g_free (entry->name);
  g_free (entry->host);
  g_free (entry);
}

/* --- The hosts of a name that has several ------------------------------------------------ */

#define TEST_TYPE_HOSTS (test_hosts_get_type ())
G_DECLARE_FINAL_TYPE (TestHosts, test_hosts, TEST, HOSTS, GSocketAddressEnumerator)

/* It enumerates itself, once. */
struct _TestHosts
{
  GSocketAddressEnumerator parent_instance;
  TestBook *book;
  GQueue left; /* of GSocketAddress */
};

static void test_hosts_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHosts, test_hosts, G_TYPE_SOCKET_ADDRESS_ENUMERATOR,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      test_hosts_connectable_init))

static void
answer_next (GTask *task)
{
  TestHosts *self = g_task_get_source_object (task);

  g_task_return_pointer (task, g_queue_pop_head (&self->left), g_object_unref);
}

static void
test_hosts_next_async (GSocketAddressEnumerator *enumerator,
                       GCancellable             *cancellable,
                       GAsyncReadyCallback       callback,
                       gpointer                  user_data)
{
  TestHosts *self = TEST_HOSTS (enumerator);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->book->slow)
    g_queue_push_tail (&self->book->asked, g_object_ref (task));
  else
    answer_next (task);
}

static GSocketAddress *
test_hosts_next_finish (GSocketAddressEnumerator  *enumerator,
                        GAsyncResult              *result,
                        GError                   **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GSocketAddressEnumerator *
test_hosts_enumerate (GSocketConnectable *connectable)
{
  return g_object_ref (G_SOCKET_ADDRESS_ENUMERATOR (connectable));
}

static void
test_hosts_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = test_hosts_enumerate;
  iface->proxy_enumerate = test_hosts_enumerate;
}

static void
test_hosts_finalize (GObject *object)
{
  TestHosts *self = TEST_HOSTS (object);

  g_queue_clear_full (&self->left, g_object_unref);
  g_object_unref (self->book);
  G_OBJECT_CLASS (test_hosts_parent_class)->finalize (object);
}

static void
test_hosts_class_init (TestHostsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_hosts_finalize;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass)->next_async = test_hosts_next_async;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass)->next_finish = test_hosts_next_finish;
}

static void
test_hosts_init (TestHosts *self)
{
  g_queue_init (&self->left);
}

/* --- The directory ----------------------------------------------------------------------- */

static GSocketConnectable *
test_book_dup_connectable (Xep174Directory  *directory,
                           const char       *name,
                           GError          **error)
{
  TestBook *self = TEST_BOOK (directory);
  g_autoptr(TestHosts) hosts = g_object_new (TEST_TYPE_HOSTS, NULL);

  self->look_ups++;
  hosts->book = g_object_ref (self);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (xep174_name_equal (entry->name, name))
        g_queue_push_tail (&hosts->left, g_inet_socket_address_new_from_string (entry->host, entry->port));
    }

  if (hosts->left.length > 1)
    return G_SOCKET_CONNECTABLE (g_steal_pointer (&hosts));
  if (hosts->left.length == 1)
    return G_SOCKET_CONNECTABLE (g_queue_pop_head (&hosts->left));

  g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
               "Nobody knows “%s”", name);
  return NULL;
}

static void
answer (TestBook *self,
        GTask    *task)
{
  Question *question = g_task_get_task_data (task);
  const char *found = NULL;
  gboolean known = FALSE;
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      gboolean named = question->claimed != NULL && xep174_name_equal (entry->name,
                                                                       question->claimed);

      known |= named;
      if ((question->claimed == NULL || named) && g_str_equal (entry->host, question->host))
        {
          found = entry->name;
          n++;
        }
    }

  if (n == 1)
    g_task_return_pointer (task, g_strdup (found), g_free);
  else
    g_task_return_new_error (task, XEP174_DIRECTORY_ERROR,
                             question->claimed == NULL ? XEP174_DIRECTORY_ERROR_AMBIGUOUS
                             : known ? XEP174_DIRECTORY_ERROR_WRONG_ADDRESS
                                     : XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                             "%s is not %s", question->host, question->claimed);
}

static void
test_book_identify_async (Xep174Directory     *directory,
                          GSocketAddress      *address,
                          const char          *claimed,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  TestBook *self = TEST_BOOK (directory);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->claimed = g_strdup (claimed);
  question->host = g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  if (self->slow)
    g_queue_push_tail (&self->questions, g_object_ref (task));
  else
    answer (self, task);
}

static char *
test_book_identify_finish (Xep174Directory  *directory,
                           GAsyncResult     *result,
                           GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_book_report_failure (Xep174Directory *directory,
                          const char      *name)
{
  TEST_BOOK (directory)->failures++;
}

static void
test_book_directory_init (Xep174DirectoryInterface *iface)
{
  iface->dup_connectable = test_book_dup_connectable;
  iface->identify_async = test_book_identify_async;
  iface->identify_finish = test_book_identify_finish;
  iface->report_failure = test_book_report_failure;
}

static void
test_book_finalize (GObject *object)
{
  TestBook *self = TEST_BOOK (object);

  g_assert_true (g_queue_is_empty (&self->questions) && g_queue_is_empty (&self->asked));
  g_ptr_array_unref (self->entries);
  G_OBJECT_CLASS (test_book_parent_class)->finalize (object);
}

static void
test_book_class_init (TestBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_book_finalize;
}

static void
test_book_init (TestBook *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  g_queue_init (&self->questions);
  g_queue_init (&self->asked);
}

TestBook *
test_book_new (void)
{
  return g_object_new (TEST_TYPE_BOOK, NULL);
}

void
test_book_add (TestBook   *self,
               const char *name,
               const char *host,
               guint16     port)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (name);
  entry->host = g_strdup (host);
  entry->port = port;
  g_ptr_array_add (self->entries, entry);
}

void
test_book_move (TestBook   *self,
                const char *host)
{
  if (host == NULL)
    g_ptr_array_set_size (self->entries, 0);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      g_free (entry->host);
      entry->host = g_strdup (host);
    }
}

guint
test_book_get_look_ups (TestBook *self)
{
  return self->look_ups;
}

void
test_book_set_slow (TestBook *self,
                    gboolean  slow)
{
  self->slow = slow;
}

void
test_book_answer (TestBook *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->questions)) != NULL)
    {
      answer (self, task);
      g_object_unref (task);
    }
  while ((task = g_queue_pop_head (&self->asked)) != NULL)
    {
      answer_next (task);
      g_object_unref (task);
    }
}

guint
test_book_count_questions (TestBook *self)
{
  return g_queue_get_length (&self->questions) + g_queue_get_length (&self->asked);
}

guint
test_book_get_failures (TestBook *self)
{
  return self->failures;
}
