/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-feature-table-private.h"

#include "xep174-caps-private.h"
#include "xep174-disco-private.h"
#include "xep174-gettext-private.h"

#include <string.h>

struct _Xep174FeatureTable
{
  Xep174FeatureHost *host; /* not owned */
  GPtrArray *members;
  GListStore *features;    /* the same, as others see it */
  GHashTable *by_namespace; /* namespace -> Xep174Feature, both the feature's */
  guint n_decorators;
  gboolean closed;
  GStrv announces;
  char *ver;
  void (*changed) (Xep174FeatureHost *host);
};

/* A feature and what of a stanza it is given. */
typedef struct
{
  Xep174Feature *feature;
  Xep174Element *payload;
} Match;

/* What the library answers or reads itself. */
static const char *const reserved[] = {
  XEP174_NS_CLIENT, XEP174_NS_STREAMS, XEP174_NS_STREAM_ERRORS, XEP174_NS_STANZA_ERRORS, XEP174_NS_TLS,
  XEP174_NS_SASL, XEP174_NS_SM, XEP174_NS_PING, XEP174_NS_DISCO_INFO, NULL
};

/* --- What we announce ---------------------------------------------------------------------- */

static char *
dup_ver (const char * const *announces)
{
  g_autoptr(Xep174Element) parent = xep174_element_new ("iq", XEP174_NS_CLIENT);

  return xep174_caps_dup_ver (xep174_disco_append_info (parent, announces));
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

static void
add_new (GPtrArray          *all,
         const char * const *announces)
{
  for (; *announces != NULL; announces++)
    if (**announces != '\0' && !g_ptr_array_find_with_equal_func (all, *announces, g_str_equal, NULL))
      g_ptr_array_add (all, g_strdup (*announces));
}

/* Sorted, so that the order of adding does not matter. */
static GStrv
collect (Xep174FeatureTable *self)
{
  GPtrArray *all = g_ptr_array_new ();

  add_new (all, xep174_disco_own);
  for (guint i = 0; i < self->members->len; i++)
    add_new (all, xep174_feature_get_announces (self->members->pdata[i]));
  g_ptr_array_sort (all, compare);
  g_ptr_array_add (all, NULL);
  return (GStrv) g_ptr_array_free (all, FALSE);
}

static void
announce (Xep174FeatureTable *self)
{
  g_auto(GStrv) announces = collect (self);

  if (self->announces != NULL
      && g_strv_equal ((const char * const *) announces, (const char * const *) self->announces))
    return;

  g_strfreev (self->announces);
  g_free (self->ver);
  self->announces = g_steal_pointer (&announces);
  self->ver = dup_ver ((const char * const *) self->announces);
  if (!self->closed)
    self->changed (self->host);
}

const char * const *
xep174_feature_table_get_announces (Xep174FeatureTable *self)
{
  return (const char * const *) self->announces;
}

const char *
xep174_feature_table_get_ver (Xep174FeatureTable *self)
{
  return self->ver;
}

/* --- The table ----------------------------------------------------------------------------- */

Xep174FeatureTable *
xep174_feature_table_new (Xep174FeatureHost *host,
                          void             (*changed) (Xep174FeatureHost *host))
{
  Xep174FeatureTable *self = g_new0 (Xep174FeatureTable, 1);

  self->host = host;
  self->members = g_ptr_array_new_with_free_func (g_object_unref);
  self->features = g_list_store_new (XEP174_TYPE_FEATURE);
  self->by_namespace = g_hash_table_new (g_str_hash, g_str_equal);
  self->announces = g_strdupv ((GStrv) xep174_disco_own);
  self->ver = dup_ver (xep174_disco_own);
  self->changed = changed;
  return self;
}

void
xep174_feature_table_free (Xep174FeatureTable *self)
{
  g_ptr_array_unref (self->members);
  g_object_unref (self->features);
  g_hash_table_unref (self->by_namespace);
  g_strfreev (self->announces);
  g_free (self->ver);
  g_free (self);
}

GListModel *
xep174_feature_table_get_list (Xep174FeatureTable *self)
{
  return G_LIST_MODEL (self->features);
}

/* --- Who is in it -------------------------------------------------------------------------- */

static gboolean
check (Xep174FeatureTable  *self,
       Xep174Feature       *feature,
       GError             **error)
{
  const char * const *payloads = xep174_feature_get_payloads (feature);

  if (self->closed || xep174_feature_get_host (feature) != NULL)
    {
      g_set_error (error, G_IO_ERROR, self->closed ? G_IO_ERROR_CLOSED : G_IO_ERROR_EXISTS,
                   self->closed ? "Nothing can be added any more, so %s was not"
                                : "%s is in use already; remove it there first",
                   G_OBJECT_TYPE_NAME (feature));
      return FALSE;
    }
  for (; *payloads != NULL; payloads++)
    {
      Xep174Feature *other = g_hash_table_lookup (self->by_namespace, *payloads);

      if (other == NULL && !g_strv_contains (reserved, *payloads))
        continue;

      if (other != NULL && G_OBJECT_TYPE (other) == G_OBJECT_TYPE (feature))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("%s is added already"),
                     G_OBJECT_TYPE_NAME (feature));
      else
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                     "%s cannot have what is in “%s”: it is for %s", G_OBJECT_TYPE_NAME (feature),
                     *payloads, other != NULL ? G_OBJECT_TYPE_NAME (other) : "the library itself");
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_member (Xep174FeatureTable *self,
           Xep174Feature      *feature)
{
  return g_ptr_array_find (self->members, feature, NULL);
}

gboolean
xep174_feature_table_add (Xep174FeatureTable  *self,
                          Xep174Feature       *feature,
                          GError             **error)
{
  const char * const *payloads = xep174_feature_get_payloads (feature);

  if (!check (self, feature, error))
    return FALSE;

  g_ptr_array_add (self->members, g_object_ref (feature));
  for (; *payloads != NULL; payloads++)
    g_hash_table_insert (self->by_namespace, (gpointer) *payloads, feature);
  self->n_decorators += xep174_feature_decorates (feature);
  g_signal_connect_swapped (feature, "notify::announces", G_CALLBACK (announce), self);
  announce (self);
  xep174_feature_attach (feature, self->host);
  /* It may have removed itself, or added itself again. */
  if (is_member (self, feature) && !g_list_store_find (self->features, feature, NULL))
    g_list_store_append (self->features, feature);
  return TRUE;
}

void
xep174_feature_table_remove (Xep174FeatureTable *self,
                             Xep174Feature      *feature)
{
  G_GNUC_UNUSED g_autoptr(Xep174Feature) held = g_object_ref (feature);
  const char * const *payloads;
  guint position;

  if (!g_ptr_array_remove (self->members, feature))
    return;

  for (payloads = xep174_feature_get_payloads (feature); *payloads != NULL; payloads++)
    g_hash_table_remove (self->by_namespace, *payloads);
  self->n_decorators -= xep174_feature_decorates (feature);
  g_signal_handlers_disconnect_by_func (feature, announce, self);
  if (g_list_store_find (self->features, feature, &position))
    g_list_store_remove (self->features, position);
  xep174_feature_detach (feature);
  announce (self);
}

void
xep174_feature_table_close (Xep174FeatureTable *self)
{
  self->closed = TRUE;
  while (self->members->len > 0)
    xep174_feature_table_remove (self, self->members->pdata[0]);
}

/* --- What is read -------------------------------------------------------------------------- */

/* What comes back as an error carries our own payload: it says nothing of the contact. And only a question
 * is for whoever can answer it. */
static gboolean
is_for_features (Xep174Element *stanza)
{
  const char *type = xep174_element_get_attribute (stanza, "type");

  return g_strcmp0 (type, "error") != 0
         && (*xep174_element_get_name (stanza) != 'i' || g_strcmp0 (type, "result") != 0);
}

static gboolean
has (GArray        *matches,
     Xep174Feature *feature)
{
  for (guint i = 0; i < matches->len; i++)
    if (g_array_index (matches, Match, i).feature == feature)
      return TRUE;

  return FALSE;
}

static void
match_clear (gpointer match)
{
  g_object_unref (((Match *) match)->feature);
}

static void
add_match (GArray        *matches,
           Xep174Feature *feature,
           Xep174Element *payload)
{
  Match match = { feature, payload };

  if (feature == NULL || has (matches, feature))
    return;

  g_object_ref (feature);
  g_array_append_val (matches, match);
}

/* The feature that @child is for. What is in the namespace of the stanza, as the text of a message, is for
 * none, and is not looked up: names that the parser knows are the same pointer. */
static Xep174Feature *
look_up (Xep174FeatureTable *self,
         Xep174Element      *stanza,
         Xep174Element      *child)
{
  const char *xmlns = xep174_element_get_xmlns (child);

  return xmlns != NULL && xmlns != xep174_element_get_xmlns (stanza)
         ? g_hash_table_lookup (self->by_namespace, xmlns) : NULL;
}

/* Of a question only the first child counts (RFC 6120 §8.2.3). */
static Xep174Element *
get_next (Xep174Element *stanza,
          Xep174Element *child)
{
  return *xep174_element_get_name (stanza) == 'i' ? NULL : xep174_element_get_next_sibling (child);
}

gboolean
xep174_feature_table_wants (Xep174FeatureTable *self,
                            Xep174Element      *stanza)
{
  Xep174Element *child;

  if (g_hash_table_size (self->by_namespace) == 0)
    return FALSE;

  for (child = xep174_element_get_first_child (stanza); child != NULL; child = get_next (stanza, child))
    if (look_up (self, stanza, child) != NULL)
      return is_for_features (stanza);

  return FALSE;
}

gboolean
xep174_feature_table_dispatch (Xep174FeatureTable *self,
                               const char         *contact,
                               Xep174Element      *stanza)
{
  g_autoptr(GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  Xep174Element *child;
  gboolean taken = FALSE;

  g_array_set_clear_func (matches, match_clear);
  for (child = xep174_element_get_first_child (stanza); child != NULL; child = get_next (stanza, child))
    add_match (matches, look_up (self, stanza, child), child);
  for (guint i = 0; i < matches->len; i++)
    {
      Match *match = &g_array_index (matches, Match, i);

      /* One before it may have removed it. */
      if (is_member (self, match->feature))
        taken = xep174_feature_handle (match->feature, contact, stanza, match->payload) || taken;
    }
  return taken;
}

/* --- What is sent -------------------------------------------------------------------------- */

static gpointer
copy_object (gconstpointer object,
             gpointer      data)
{
  return g_object_ref ((gpointer) object);
}

gboolean
xep174_feature_table_decorates (Xep174FeatureTable *self)
{
  return self->n_decorators > 0;
}

void
xep174_feature_table_decorate (Xep174FeatureTable *self,
                               const char         *contact,
                               Xep174Element      *outgoing)
{
  g_autoptr(GPtrArray) features = g_ptr_array_copy (self->members, copy_object, NULL);

  for (guint i = 0; i < features->len && !xep174_element_is_sealed (outgoing); i++)
    if (is_member (self, features->pdata[i]) && xep174_feature_decorates (features->pdata[i]))
      xep174_feature_decorate (features->pdata[i], contact, outgoing);
}
