// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Error numbers of hypercalls, positive here; a call returns the negative ({@code errno.h}). Names as there. */
public final class XenErrno {
  public static final int XEN_EPERM = 1;
  public static final int XEN_ENOENT = 2;
  public static final int XEN_ESRCH = 3;
  public static final int XEN_EIO = 5;
  public static final int XEN_ENXIO = 6;
  public static final int XEN_E2BIG = 7;
  public static final int XEN_ENOEXEC = 8;
  public static final int XEN_EBADF = 9;
  public static final int XEN_ECHILD = 10;
  public static final int XEN_EAGAIN = 11;
  public static final int XEN_EWOULDBLOCK = 11;
  public static final int XEN_ENOMEM = 12;
  public static final int XEN_EACCES = 13;
  public static final int XEN_EFAULT = 14;
  public static final int XEN_EBUSY = 16;
  public static final int XEN_EEXIST = 17;
  public static final int XEN_EXDEV = 18;
  public static final int XEN_ENODEV = 19;
  public static final int XEN_ENOTDIR = 20;
  public static final int XEN_EISDIR = 21;
  public static final int XEN_EINVAL = 22;
  public static final int XEN_ENFILE = 23;
  public static final int XEN_EMFILE = 24;
  public static final int XEN_ENOSPC = 28;
  public static final int XEN_EROFS = 30;
  public static final int XEN_EMLINK = 31;
  public static final int XEN_EDOM = 33;
  public static final int XEN_ERANGE = 34;
  public static final int XEN_EDEADLK = 35;
  public static final int XEN_EDEADLOCK = 35;
  public static final int XEN_ENAMETOOLONG = 36;
  public static final int XEN_ENOLCK = 37;
  public static final int XEN_ENOSYS = 38;
  public static final int XEN_ENOTEMPTY = 39;
  public static final int XEN_ENODATA = 61;
  public static final int XEN_ETIME = 62;
  public static final int XEN_EBADMSG = 74;
  public static final int XEN_EOVERFLOW = 75;
  public static final int XEN_EILSEQ = 84;
  public static final int XEN_ENOTSOCK = 88;
  public static final int XEN_EMSGSIZE = 90;
  public static final int XEN_EOPNOTSUPP = 95;
  public static final int XEN_EADDRINUSE = 98;
  public static final int XEN_EADDRNOTAVAIL = 99;
  public static final int XEN_ENOBUFS = 105;
  public static final int XEN_EISCONN = 106;
  public static final int XEN_ENOTCONN = 107;
  public static final int XEN_ETIMEDOUT = 110;
  public static final int XEN_ECONNREFUSED = 111;

  private XenErrno() {
  }
}
