// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/**
 * The protocol of a PV device, as its driver sees XenStore, grants and event channels. In memory it is a pointer for each function, with the
 * arguments that are said here behind {@code this}, and the device's description behind them. Numbers that come back go where a pointer says.
 */
public enum XenBus {
  /**
   * Reads a node: transaction (0: none), path (ASCII, to its NUL; without a slash first it is the domain's), buffer, pointer to the buffer's size, which
   * is the value's afterwards. NOT_FOUND; BUFFER_TOO_SMALL; ACCESS_DENIED; DEVICE_ERROR for a store that answers nonsense; TIMEOUT.
   */
  READ,
  /** Writes a node: transaction, path, value, its size. Errors as of {@link #READ}. */
  WRITE,
  /** Removes a node: transaction, path. Errors as of {@link #READ}. */
  REMOVE,
  /** Begins a transaction: pointer to its number (32 bits). */
  BEGIN,
  /** Ends one: transaction, whether it is undone. NOT_READY: somebody else has changed something meanwhile; all of it is to be done again. */
  END,
  /**
   * Lets a domain use a page: domain, the page's number, whether only to be read, pointer to the reference (32 bits). INVALID_PARAMETER for what is no
   * memory; OUT_OF_RESOURCES.
   */
  GRANT,
  /** Takes it back: reference. NOT_READY while the other one has it mapped; ask again. INVALID_PARAMETER if it grants nothing. */
  END_GRANT,
  /** Opens an event channel that a domain may bind: domain, pointer to the port (32 bits). OUT_OF_RESOURCES. */
  OPEN,
  /** Sends an event: port. INVALID_PARAMETER if it isn't open. */
  NOTIFY,
  /** Closes a channel: port. INVALID_PARAMETER if it isn't open, or {@link #OPEN} of the same device didn't give it. */
  CLOSE;

  /** Where the pointer to the device's type is: {@code vbd}. */
  public static final int TYPE = 8 * values().length;
  /** Where the pointer to its path in the store is: {@code device/vbd/51712}. */
  public static final int NODE = TYPE + 8;
  /** Where the pointer to its back end's path is. */
  public static final int BACKEND = NODE + 8;
  /** Where the back end's domain is, 32 bits. */
  public static final int BACKEND_DOMAIN = BACKEND + 8;
  /** Where the device's number is, 32 bits. */
  public static final int NUMBER = BACKEND_DOMAIN + 4;
  /** Bytes of all. */
  public static final int SIZE = NUMBER + 4;

  /** Where the pointer to a function is. */
  public int offset() {
    return 8 * ordinal();
  }

  /** Calls a function of a device. @param next the step behind it */
  public EfiStep call(Call call, int next, long device, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStep.call(next, call.firmware().memory().get64(device + offset()), all);
  }

  /** Calls a function of a device. @param next the step behind it */
  public EfiStep call(Call call, Enum<?> next, long device, long... arguments) {
    return call(call, next.ordinal(), device, arguments);
  }
}
