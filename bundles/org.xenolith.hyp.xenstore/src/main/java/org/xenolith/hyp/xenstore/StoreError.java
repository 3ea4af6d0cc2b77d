// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

/** Errors as the XenStore protocol sends them: their names are what goes over the wire. */
enum StoreError {
  EINVAL, EACCES, EEXIST, EISDIR, ENOENT, ENOMEM, ENOSPC, EIO, ENOTEMPTY, ENOSYS, EROFS, EBUSY, EAGAIN, EISCONN, E2BIG, EPERM
}
