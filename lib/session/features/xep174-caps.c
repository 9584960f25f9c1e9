/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-caps-private.h"

#include <string.h>

#define NS_DATA "jabber:x:data"

/* What is longer is no name of a feature. */
#define MAX_NAME_OCTETS 1023
/* What is remembered for everybody is small. */
#define MAX_PROVEN_OCTETS (16 * 1024)

/* A piece of what is hashed, and what decides its place. */
typedef struct
{
  char *key;
  char *text;
} Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->key);
  g_free (part->text);
  g_free (part);
}

static GPtrArray *
parts_new (void)
{
  return g_ptr_array_new_with_free_func (part_free);
}

/* Takes both. */
static void
add (GPtrArray *parts,
     char      *key,
     char      *text)
{
  Part *part = g_new (Part, 1);

  *part = (Part) { key, text };
  g_ptr_array_add (parts, part);
}

/* By octets. */
static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp ((*(Part *const *) one)->key, (*(Part *const *) other)->key);
}

/* FALSE if two have the same place (§5.4, 3.1 to 3.3). */
static gboolean
join (GPtrArray *parts,
      GString   *out)
{
  g_ptr_array_sort (parts, compare);
  for (guint i = 0; i < parts->len; i++)
    {
      if (i > 0 && compare (&parts->pdata[i - 1], &parts->pdata[i]) == 0)
        return FALSE;
      g_string_append (out, ((Part *) parts->pdata[i])->text);
    }
  return TRUE;
}

static const char *
get (Xep174Element *element,
     const char    *name)
{
  const char *value = xep174_element_get_attribute (element, name);

  return value != NULL ? value : "";
}

/* --- Identities, features, forms ----------------------------------------------------------- */

static gboolean
append_identities (Xep174Element *query,
                   GString       *out)
{
  g_autoptr(GPtrArray) parts = parts_new ();
  Xep174Element *child = xep174_element_get_first_child (query);

  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "identity", XEP174_NS_DISCO_INFO))
      {
        const char *category = get (child, "category"), *type = get (child, "type");
        const char *lang = get (child, "xml:lang");

        /* XEP-0030 §3.1. Without a type `http://…` would be one, too. */
        if (*category == '\0' || *type == '\0')
          return FALSE;
        add (parts, g_strdup_printf ("%s\001%s\001%s", category, type, lang),
             g_strdup_printf ("%s/%s/%s/%s<", category, type, lang, get (child, "name")));
      }
  return join (parts, out);
}

static gboolean
append_features (Xep174Element *query,
                 GString       *out)
{
  g_autoptr(GPtrArray) parts = parts_new ();
  Xep174Element *child = xep174_element_get_first_child (query);

  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "feature", XEP174_NS_DISCO_INFO))
      add (parts, g_strdup (get (child, "var")), g_strdup_printf ("%s<", get (child, "var")));
  return join (parts, out);
}

/* The value of the field that says what a form is; NULL where that is not said (XEP-0128 §2). */
static char *
dup_form_type (Xep174Element *form)
{
  Xep174Element *child = xep174_element_get_first_child (form);

  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "field", NS_DATA) && strcmp (get (child, "var"), "FORM_TYPE") == 0
        && strcmp (get (child, "type"), "hidden") == 0)
      return xep174_element_dup_child_text (child, "value", NS_DATA);

  return NULL;
}

/* The values of a field may be the same. */
static char *
print_field (Xep174Element *field)
{
  g_autoptr(GPtrArray) values = parts_new ();
  Xep174Element *child = xep174_element_get_first_child (field);
  GString *out = g_string_new (get (field, "var"));

  g_string_append_c (out, '<');
  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "value", NS_DATA))
      add (values, xep174_element_dup_text (child), NULL);
  g_ptr_array_sort (values, compare);
  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (out, "%s<", ((Part *) values->pdata[i])->key);
  return g_string_free (out, FALSE);
}

static char *
print_form (Xep174Element *form,
            const char    *type)
{
  g_autoptr(GPtrArray) fields = parts_new ();
  g_autoptr(GString) out = g_string_new (type);
  Xep174Element *child = xep174_element_get_first_child (form);

  g_string_append_c (out, '<');
  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "field", NS_DATA) && strcmp (get (child, "var"), "FORM_TYPE") != 0)
      add (fields, g_strdup (get (child, "var")), print_field (child));

  return join (fields, out) ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static gboolean
append_forms (Xep174Element *query,
              GString       *out)
{
  g_autoptr(GPtrArray) parts = parts_new ();
  Xep174Element *child = xep174_element_get_first_child (query);

  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "x", NS_DATA))
      {
        char *type = dup_form_type (child);
        char *text = type != NULL ? print_form (child, type) : NULL;

        if (text != NULL)
          add (parts, type, text);
        else if (type != NULL)
          {
            g_free (type);
            return FALSE;
          }
      }
  return join (parts, out);
}

/* NULL for what is ill-formed. */
static GString *
print (Xep174Element *query)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (append_identities (query, out) && append_features (query, out) && append_forms (query, out))
    return g_steal_pointer (&out);

  return NULL;
}

/* --- Answers ------------------------------------------------------------------------------- */

GHashTable *
xep174_caps_read (Xep174Element *query)
{
  GHashTable *features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Xep174Element *child = xep174_element_get_first_child (query);
  guint n = 0;

  for (; child != NULL && n < XEP174_CAPS_MAX_FEATURES; child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "feature", XEP174_NS_DISCO_INFO))
      {
        const char *var = get (child, "var");

        n++;
        if (strlen (var) <= MAX_NAME_OCTETS)
          g_hash_table_add (features, g_strdup (var));
      }
  return features;
}

gboolean
xep174_caps_are_equal (GHashTable *one,
                       GHashTable *other)
{
  GHashTableIter iter;
  gpointer name;

  if (one == other || one == NULL || other == NULL)
    return one == other;
  if (g_hash_table_size (one) != g_hash_table_size (other))
    return FALSE;

  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (other, name))
      return FALSE;
  return TRUE;
}

static char *
hash (const GString *text)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) text->str, text->len);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

char *
xep174_caps_dup_ver (Xep174Element *query)
{
  g_autoptr(GString) text = print (query);

  return text != NULL ? hash (text) : NULL;
}

static guint
count_separators (const GString *text)
{
  guint n = 0;

  for (gsize i = 0; i < text->len; i++)
    n += text->str[i] == '<';
  return n;
}

/* Each child stands for one string that ends with the separator; a form for more. */
char *
xep174_caps_dup_proof (Xep174Element *query)
{
  Xep174Element *child = xep174_element_get_first_child (query);
  g_autoptr(GString) text = NULL;
  guint n = 0, n_features = 0;

  for (; child != NULL; child = xep174_element_get_next_sibling (child))
    {
      if (xep174_element_matches (child, "x", NS_DATA))
        return NULL;
      n_features += xep174_element_matches (child, "feature", XEP174_NS_DISCO_INFO);
      n += xep174_element_matches (child, "identity", XEP174_NS_DISCO_INFO);
    }
  if (n_features > XEP174_CAPS_MAX_FEATURES || (text = print (query)) == NULL
      || text->len > MAX_PROVEN_OCTETS || count_separators (text) != n + n_features)
    return NULL;

  return hash (text);
}

gboolean
xep174_caps_is_proven (Xep174Element *query,
                       const char    *ver)
{
  g_autofree char *proof = xep174_caps_dup_proof (query);

  return g_strcmp0 (proof, ver) == 0;
}
