// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.SysctlDebugKeys;
import org.xenolith.xen.abi.SysctlReadConsole;
import org.xenolith.xen.abi.XenErrno;

/** The hypervisor's own messages, as {@code xl dmesg} reads them, and its keys, none of which does anything. */
final class HypervisorConsole {
  /** Keys that one call may send: each is read from the caller, and does nothing. */
  private static final int KEYS = 4096;

  private final HypervisorLogPort log;
  private final byte[] chunk = new byte[1024];

  HypervisorConsole(HypervisorLogPort log) {
    this.log = log;
  }

  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_SYSCTL_readconsole, "readconsole", new SysctlReadConsole(), this::read),
        SubOperation.of(ControlOp.XEN_SYSCTL_debug_keys, "debug_keys", new SysctlDebugKeys(), this::keys));
  }

  /** The caller's index goes on from its last reading; one that isn't in the ring begins at the oldest byte. */
  private long read(Hypercall call, SysctlReadConsole argument, Domain caller) {
    long end = log.end();
    long oldest = Math.max(0, end - HypervisorLogPort.SIZE);
    long from = oldest;
    if (argument.incremental() != 0) {
      // The index has 32 bits of the place: it is ahead of the oldest byte by what the difference says.
      long ahead = argument.index() - (int) oldest & 0xFFFF_FFFFL;
      from = ahead <= end - oldest ? oldest + ahead : oldest;
    }
    long count = Math.min(argument.count() & 0xFFFF_FFFFL, end - from);
    for (long done = 0; done < count;) {
      int length = (int) Math.min(chunk.length, count - done);
      for (int i = 0; i < length; i++) {
        chunk[i] = log.at(from + done + i);
      }
      if (!call.write(argument.buffer() + done, chunk, 0, length)) {
        return -XenErrno.XEN_EFAULT;
      }
      done += length;
    }
    argument.count((int) count);
    argument.index((int) (from + count));
    if (argument.clear() != 0 && from + count == end) {
      log.clear();
    }
    return 0;
  }

  private long keys(Hypercall call, SysctlDebugKeys keys, Domain caller) {
    long count = Math.min(keys.nrKeys() & 0xFFFF_FFFFL, KEYS);
    for (long done = 0; done < count; done += chunk.length) {
      if (!call.read(keys.keys() + done, chunk, 0, (int) Math.min(chunk.length, count - done))) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    return 0;
  }
}
