// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.Arrays;
import org.xenolith.efi.api.CallerLimits;
import org.xenolith.efi.api.VariableName;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.XenErrno;

/** What a call copies from and to its caller besides the argument. A negative errno ends the call; how much is copied is limited before. */
final class CallerBytes {
  private static final int PAGE = 4096;

  /** An errno that ends a call. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int errno;

    private Refused(int errno) {
      super(null, null, false, false);
      this.errno = errno;
    }

    /** A negative errno. */
    int errno() {
      return errno;
    }
  }

  private CallerBytes() {}

  /** Refuses a number, unsigned, that is larger than a limit. @throws Refused -ENOMEM */
  static void limit(long number, int most) throws Refused {
    if (Long.compareUnsigned(number, most) > 0) {
      throw new Refused(-XenErrno.XEN_ENOMEM);
    }
  }

  /**
   * Copies bytes.
   *
   * @param size unsigned
   * @throws Refused -ENOMEM if there are more than anybody may give, -EFAULT if some of them can't be read
   */
  static byte[] bytes(Hypercall call, long address, long size) throws Refused {
    limit(size, CallerLimits.BUFFER_BYTES);
    byte[] bytes = new byte[(int) size];
    if (!call.read(address, bytes, 0, bytes.length)) {
      throw new Refused(-XenErrno.XEN_EFAULT);
    }
    return bytes;
  }

  /** Copies bytes to the caller. @throws Refused -EFAULT if some of them can't be written */
  static void give(Hypercall call, long address, byte[] bytes) throws Refused {
    if (!call.write(address, bytes, 0, bytes.length)) {
      throw new Refused(-XenErrno.XEN_EFAULT);
    }
  }

  /**
   * Copies a text up to its NUL, and reads nothing of the pages behind it.
   *
   * @throws Refused -EFAULT if it can't be read that far, -EIO if there is no NUL where a name must have had one
   */
  static String text(Hypercall call, long address) throws Refused {
    byte[] bytes = new byte[0];
    while (bytes.length < CallerLimits.NAME_BYTES) {
      int done = bytes.length;
      int part = Math.min(PAGE - (int) (address + done & PAGE - 1), CallerLimits.NAME_BYTES - done);
      bytes = Arrays.copyOf(bytes, done + part);
      if (!call.read(address + done, bytes, done, part)) {
        throw new Refused(-XenErrno.XEN_EFAULT);
      }
      if (hasNul(bytes, done & -Character.BYTES)) {
        return VariableName.textOf(bytes);
      }
    }
    throw new Refused(-XenErrno.XEN_EIO);
  }

  private static boolean hasNul(byte[] text, int from) {
    for (int at = from; at + 1 < text.length; at += Character.BYTES) {
      if ((text[at] | text[at + 1]) == 0) {
        return true;
      }
    }
    return false;
  }
}
