/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-version.h"

/**
 * xep174_get_major_version:
 *
 * The major version of the library that the program runs with. `XEP174_MAJOR_VERSION` is that of the
 * headers.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
xep174_get_major_version (void)
{
  return XEP174_MAJOR_VERSION;
}

/**
 * xep174_get_minor_version:
 *
 * The minor version of the library that the program runs with. `XEP174_MINOR_VERSION` is that of the
 * headers.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
xep174_get_minor_version (void)
{
  return XEP174_MINOR_VERSION;
}

/**
 * xep174_get_micro_version:
 *
 * The micro version of the library that the program runs with. `XEP174_MICRO_VERSION` is that of the
 * headers.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
xep174_get_micro_version (void)
{
  return XEP174_MICRO_VERSION;
}

/**
 * xep174_check_version:
 * @major: the major version that is needed
 * @minor: the minor version that is needed
 * @micro: the micro version that is needed
 *
 * Whether the library that the program runs with has all that the given version has: it has the same
 * major version, and is not older.
 *
 * Returns: %TRUE if it has
 *
 * Since: 1.0
 */
gboolean
xep174_check_version (guint major,
                      guint minor,
                      guint micro)
{
  const guint64 ours = (guint64) XEP174_MINOR_VERSION << 32 | XEP174_MICRO_VERSION;

  return major == XEP174_MAJOR_VERSION && ((guint64) minor << 32 | micro) <= ours;
}
