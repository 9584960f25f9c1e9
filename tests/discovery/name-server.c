/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "name-server.h"

#include <string.h>

#define HEADER_SIZE 12
#define PORT 53

#define DOMAIN_NAME "\6verona\7example"
#define SERVICE_NAME "\11_presence\4_tcp" DOMAIN_NAME
#define INSTANCE_NAME "\16juliet@capulet" SERVICE_NAME
#define HOST_NAME "\7capulet" DOMAIN_NAME

typedef struct
{
  const char *name;
  guint16     type;
  const char *rdata;
  gsize       size;
} Record;

struct _NameServer
{
  GSocket *socket;
  GSource *source;
};

/* RFC 1035 §3.2.1; the names' last octet is the string's own. */
#define RECORD(name, type, rdata) { name, type, rdata, sizeof (rdata) }
static const Record records[] = {
  RECORD (SERVICE_NAME, 12, INSTANCE_NAME),
  { INSTANCE_NAME, 16, "\11nick=Jule", 10 },
  RECORD (INSTANCE_NAME, 33, "\0\0\0\0\x14\xb2" HOST_NAME),
  { HOST_NAME, 1, "\xc0\0\2\11", 4 },
};
#undef RECORD

static void
append_number (GByteArray *message,
               guint32     number,
               guint       n_octets)
{
  const guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (message, (const guint8 *) &big_endian + 4 - n_octets, n_octets);
}

/* RFC 1035 §4.1: the question, and what is known about it. */
static GByteArray *
answer (const guint8 *query,
        gsize         size)
{
  const char *name = (const char *) query + HEADER_SIZE;
  gsize name_size = strnlen (name, size - HEADER_SIZE) + 1;
  GByteArray *message = g_byte_array_new ();
  guint16 type;

  g_assert_cmpuint (HEADER_SIZE + name_size + 4, <=, size);
  type = query[HEADER_SIZE + name_size] << 8 | query[HEADER_SIZE + name_size + 1];

  g_byte_array_append (message, query, 2);
  append_number (message, 0x8580, 2);
  append_number (message, 1, 2);
  append_number (message, 0, 2);
  append_number (message, 0, 4);
  g_byte_array_append (message, query + HEADER_SIZE, name_size + 4);

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      if (records[i].type != type || strcmp (records[i].name, name) != 0)
        continue;
      message->data[7]++;
      append_number (message, 0xc000 | HEADER_SIZE, 2);
      append_number (message, type, 2);
      append_number (message, 1, 2);
      append_number (message, 120, 4);
      append_number (message, records[i].size, 2);
      g_byte_array_append (message, (const guint8 *) records[i].rdata, records[i].size);
    }

  return message;
}

static gboolean
on_query (GSocket      *socket,
          GIOCondition  condition,
          gpointer      user_data)
{
  g_autoptr(GSocketAddress) source = NULL;
  guint8 query[512];
  gssize size = g_socket_receive_from (socket, &source, (char *) query, sizeof query, NULL, NULL);

  if (size > HEADER_SIZE)
    {
      g_autoptr(GByteArray) message = answer (query, size);

      g_socket_send_to (socket, source, (const char *) message->data, message->len, NULL, NULL);
    }

  return G_SOURCE_CONTINUE;
}

NameServer *
name_server_new (void)
{
  g_autoptr(GInetAddress) host = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (host, PORT);
  g_autoptr(GError) error = NULL;
  NameServer *server = g_new0 (NameServer, 1);

  server->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                 G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_bind (server->socket, address, TRUE, &error);
  g_assert_no_error (error);

  server->source = g_socket_create_source (server->socket, G_IO_IN, NULL);
  g_source_set_callback (server->source, G_SOURCE_FUNC (on_query), server, NULL);
  g_source_attach (server->source, g_main_context_get_thread_default ());

  return server;
}

void
name_server_free (NameServer *server)
{
  g_source_destroy (server->source);
  g_source_unref (server->source);
  g_object_unref (server->socket);
  g_free (server);
}
