/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Elements, read from any text and built by any program (X3, X7): what can be sent is printed so
 * that it reads as the same again, and a copy is as the original. What cannot be sent is said to be.
 *
 * The input: 0 and a text to be read, or 1 and what a program does: octets that choose a deed, and
 * strings for it, each after its length; with 3 they are made of pieces that XML can carry. */

#include "fuzz.h"

#include "random-tree.h"
#include "xep174-element-private.h"
#include "xep174-stream-error.h"

static void
check_round_trip (Xep174Element *element)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = xep174_element_to_string (element);
  g_autoptr(Xep174Element) copy = xep174_element_copy (element);
  g_autofree char *xml_of_copy = xep174_element_to_string (copy);
  g_autoptr(Xep174Element) again = NULL;
  g_autofree char *xml_again = NULL;
  g_autofree char *text = xep174_element_dup_text (element);
  g_autofree char *text_again = NULL;

  if (!xep174_element_check (element, &error))
    {
      g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML);
      /* Harmless where it is shown all the same. */
      g_assert_true (xep174_text_is_xml (xml));
      return;
    }

  g_assert_cmpstr (xml_of_copy, ==, xml);
  again = xep174_element_parse (xml, &error);
  if (error != NULL && error->code == XEP174_STREAM_ERROR_POLICY_VIOLATION)
    return;
  g_assert_no_error (error);
  xml_again = xep174_element_to_string (again);
  text_again = xep174_element_dup_text (again);
  /* Without a namespace it is read as one of jabber:client. */
  if (*xep174_element_get_xmlns (element) != '\0')
    g_assert_cmpstr (xml_again, ==, xml);
  g_assert_cmpstr (text_again, ==, text);
  g_assert_cmpstr (xep174_element_get_name (again), ==, xep174_element_get_name (element));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes bytes = { data, size };
  g_autoptr(Xep174Element) element = NULL;
  g_autoptr(GError) error = NULL;
  guint kind;

  kind = fuzz_throw (&bytes, 4);
  if (kind % 2 == 1)
    element = random_tree_build (&bytes, kind == 3);
  else
    {
      g_autofree char *xml = g_strndup ((const char *) bytes.data, bytes.size);

      element = xep174_element_parse (xml, &error);
    }

  g_assert_true ((element == NULL) == (error != NULL));
  if (element != NULL)
    {
      check_round_trip (element);
      random_tree_check (element);
    }
  return 0;
}
