// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Message types and limits of the XenStore protocol ({@code io/xs_wire.h}). Names as there. */
public final class StoreMessage {
  public static final int XENSTORE_ERROR_NONE = 0;
  public static final int XENSTORE_CONNECTED = 0;
  public static final int XENSTORE_ERROR_COMM = 1;
  public static final int XENSTORE_RECONNECT = 1;
  public static final int XENSTORE_SERVER_FEATURE_RECONNECTION = 1;
  public static final int XENSTORE_ERROR_RINGIDX = 2;
  public static final int XENSTORE_SERVER_FEATURE_ERROR = 2;
  public static final int XENSTORE_ERROR_PROTO = 3;
  public static final int XENSTORE_RING_SIZE = 0x400;
  public static final int XENSTORE_REL_PATH_MAX = 0x800;
  public static final int XENSTORE_ABS_PATH_MAX = 0xc00;
  public static final int XENSTORE_PAYLOAD_MAX = 0x1000;
  public static final int XS_CONTROL = 0;
  public static final int XS_DIRECTORY = 1;
  public static final int XS_READ = 2;
  public static final int XS_GET_PERMS = 3;
  public static final int XS_WATCH = 4;
  public static final int XS_UNWATCH = 5;
  public static final int XS_TRANSACTION_START = 6;
  public static final int XS_TRANSACTION_END = 7;
  public static final int XS_INTRODUCE = 8;
  public static final int XS_RELEASE = 9;
  public static final int XS_GET_DOMAIN_PATH = 10;
  public static final int XS_WRITE = 11;
  public static final int XS_MKDIR = 12;
  public static final int XS_RM = 13;
  public static final int XS_SET_PERMS = 14;
  public static final int XS_WATCH_EVENT = 15;
  public static final int XS_ERROR = 16;
  public static final int XS_IS_DOMAIN_INTRODUCED = 17;
  public static final int XS_RESUME = 18;
  public static final int XS_SET_TARGET = 19;
  public static final int XS_RESET_WATCHES = 21;
  public static final int XS_DIRECTORY_PART = 22;
  public static final int XS_GET_FEATURE = 23;
  public static final int XS_SET_FEATURE = 24;
  public static final int XS_GET_QUOTA = 25;
  public static final int XS_SET_QUOTA = 26;

  private StoreMessage() {
  }
}
