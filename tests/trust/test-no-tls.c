/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-identity.h"
#include "xep174-trust-error.h"

static void
test_not_supported (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_identity_generate (&error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (xep174_identity_new_from_pem ("", &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/no-tls/not-supported", test_not_supported);

  return g_test_run ();
}
