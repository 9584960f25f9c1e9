/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Our sessions with an address book of your own: no mDNS at all. Both ends are in this program, so
 * that it can be run; each of them is what a program of yours would be. */

#include <xep174/xep174.h>

#define ADDRESS_TYPE_BOOK (address_book_get_type ())
G_DECLARE_FINAL_TYPE (AddressBook, address_book, ADDRESS, BOOK, GObject)

typedef struct
{
  char           *name;
  GSocketAddress *address;
} Entry;

struct _AddressBook
{
  GObject    parent_instance;
  GPtrArray *entries;
};

static void address_book_directory_init (Xep174DirectoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AddressBook, address_book, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY,
                                                      address_book_directory_init))

/* --- What sessions ask -------------------------------------------------------------------- */

/* The way to a name, asked for before a session dials. */
static GSocketConnectable *
address_book_dup_connectable (Xep174Directory *directory,
                              const char      *name,
                              GError         **error)
{
  AddressBook *self = ADDRESS_BOOK (directory);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (g_ascii_strcasecmp (entry->name, name) == 0)
        return G_SOCKET_CONNECTABLE (g_object_ref (entry->address));
    }

  g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
               "%s is not in the address book", name);
  return NULL;
}

static gboolean
is_same_host (GSocketAddress *one,
              GSocketAddress *other)
{
  return G_IS_INET_SOCKET_ADDRESS (one) && G_IS_INET_SOCKET_ADDRESS (other)
         && g_inet_address_equal (
              g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (one)),
              g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (other)));
}

/* Who may speak from an address, asked before a session believes a header. Without a claimed name
 * the answer has to be the only contact with that address. */
static void
address_book_identify_async (Xep174Directory     *directory,
                             GSocketAddress      *address,
                             const char          *claimed_name,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  AddressBook *self = ADDRESS_BOOK (directory);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *found = NULL;
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (is_same_host (entry->address, address)
          && (claimed_name == NULL || g_ascii_strcasecmp (entry->name, claimed_name) == 0))
        {
          found = entry->name;
          n++;
        }
    }

  if (n == 1)
    g_task_return_pointer (task, g_strdup (found), g_free);
  else
    g_task_return_new_error (task, XEP174_DIRECTORY_ERROR,
                             claimed_name == NULL ? XEP174_DIRECTORY_ERROR_AMBIGUOUS
                                                  : XEP174_DIRECTORY_ERROR_WRONG_ADDRESS,
                             "Nobody in the address book has that address");
}

static char *
address_book_identify_finish (Xep174Directory *directory,
                              GAsyncResult    *result,
                              GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
address_book_directory_init (Xep174DirectoryInterface *iface)
{
  iface->dup_connectable = address_book_dup_connectable;
  iface->identify_async = address_book_identify_async;
  iface->identify_finish = address_book_identify_finish;
}

/* --- The book ----------------------------------------------------------------------------- */

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_object_unref (entry->address);
  g_free (entry);
}

static void
address_book_finalize (GObject *object)
{
  g_ptr_array_unref (ADDRESS_BOOK (object)->entries);

  G_OBJECT_CLASS (address_book_parent_class)->finalize (object);
}

static void
address_book_class_init (AddressBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = address_book_finalize;
}

static void
address_book_init (AddressBook *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

static void
address_book_add (AddressBook *self,
                  const char  *name,
                  const char  *host,
                  guint16      port)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (name);
  entry->address = g_inet_socket_address_new_from_string (host, port);
  g_ptr_array_add (self->entries, entry);
}

/* --- Using it ----------------------------------------------------------------------------- */

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gpointer              user_data)
{
  GMainLoop *loop = user_data;
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body == NULL)
    return FALSE;

  g_print ("%s says: %s\n", xep174_session_get_name (session), body);
  g_main_loop_quit (loop);
  return TRUE;
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GMainLoop *loop = user_data;
  g_autoptr(GError) error = NULL;

  if (xep174_session_send_finish (XEP174_SESSION (source), result, &error))
    return;

  g_printerr ("Not sent: %s\n", error->message);
  g_main_loop_quit (loop);
}

static gboolean
say (Xep174SessionManager *manager,
     const char           *to,
     const char           *text,
     GMainLoop            *loop)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, to, &error);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");

  if (session == NULL)
    {
      g_printerr ("No session: %s\n", error->message);
      return FALSE;
    }

  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), text);
  xep174_session_send_async (session, message, NULL, on_sent, loop);
  return TRUE;
}

int
main (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(AddressBook) hers = g_object_new (ADDRESS_TYPE_BOOK, NULL);
  g_autoptr(AddressBook) his = g_object_new (ADDRESS_TYPE_BOOK, NULL);
  g_autoptr(Xep174SessionManager) juliet =
    xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (hers));
  g_autoptr(Xep174SessionManager) romeo =
    xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (his));
  g_autoptr(GError) error = NULL;

  if (!xep174_session_manager_listen (juliet, 0, &error)
      || !xep174_session_manager_listen (romeo, 0, &error))
    {
      g_printerr ("Cannot listen: %s\n", error->message);
      return 1;
    }

  address_book_add (hers, "romeo@montague", "127.0.0.1", xep174_session_manager_get_port (romeo));
  address_book_add (his, "juliet@capulet", "127.0.0.1", xep174_session_manager_get_port (juliet));
  g_signal_connect (juliet, "stanza-received", G_CALLBACK (on_stanza), loop);

  if (!say (romeo, "juliet@capulet", "But, soft! what light?", loop))
    return 1;

  g_main_loop_run (loop);
  return 0;
}
