// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.PlatformProcessorPm;
import org.xenolith.xen.abi.XenErrno;

/**
 * XENPF_set_processor_pminfo of hypercall platform_op (public header {@code platform.h}), by which the hardware domain hands over what its ACPI says of C and P states. It is looked
 * at and answered as Xen 4.17 does where it has no driver of either; no CPU of ours has such states, so that nothing is kept.
 */
final class ProcessorPowerCalls {
  /** Bytes of a {@code xen_processor_cx} and a {@code xen_processor_px}. */
  private static final int POWER_STATE = 40;
  private static final int PERFORMANCE_STATE = 48;
  /** No processor has more C states (ACPI 6.5, 8.4.1.1 has 8 in the model that Xen keeps), nor any that we know of more P states. */
  private static final int MOST_POWER_STATES = 8;
  private static final int MOST_PERFORMANCE_STATES = 256;
  /** The last way in which processors share P states; the first, none, isn't one. */
  private static final int LAST_SHARED_TYPE = 3;
  /** Revision of the words of _PDC, the count of those that follow, and these (ACPI 3.0, 8.4.1). */
  private static final int CAPABILITY_BYTES = 12;
  private static final int CAPABILITY_REVISION = 1;

  private final int cpus;

  /** @param cpus how many there are; their numbers are processors' UIDs in boards' ACPI tables, too */
  ProcessorPowerCalls(int cpus) {
    this.cpus = cpus;
  }

  /** Serves it until the owner releases it. */
  void claim(PlatformOperationsPort commands, DeviceContext owner) {
    commands.claim(owner, List.of(SubOperation.of(PlatformOp.XENPF_set_processor_pminfo, "set_processor_pminfo",
        new PlatformProcessorPm(), this::take).needs(Privilege.HARDWARE)));
  }

  private long take(Hypercall call, PlatformProcessorPm info, Domain caller) {
    return switch (info.type()) {
      case PlatformOp.XEN_PM_CX -> power(call, info);
      case PlatformOp.XEN_PM_PX -> performance(call, info);
      // Throttling states are nothing that Xen has a use for.
      case PlatformOp.XEN_PM_TX -> -XenErrno.XEN_ENOSYS;
      case PlatformOp.XEN_PM_PDC -> capabilities(call, info);
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  private boolean unknown(PlatformProcessorPm info) {
    return Integer.compareUnsigned(info.id(), cpus) >= 0;
  }

  private long power(Hypercall call, PlatformProcessorPm info) {
    return unknown(info) ? -XenErrno.XEN_EINVAL : states(call, info.powerStates(), info.powerCount(), MOST_POWER_STATES, POWER_STATE);
  }

  private long performance(Hypercall call, PlatformProcessorPm info) {
    int flags = info.perfFlags();
    if (unknown(info) || (flags & PlatformOp.XEN_PX_PCT) != 0 && info.perfControlRegisterSpaceId() != info.perfStatusRegisterSpaceId()) {
      return -XenErrno.XEN_EINVAL;
    }
    if ((flags & PlatformOp.XEN_PX_PSS) != 0) {
      // With one there is nothing to choose from.
      long read = Integer.compareUnsigned(info.perfStateCount(), 1) <= 0 ? -XenErrno.XEN_EINVAL
          : states(call, info.perfStates(), info.perfStateCount(), MOST_PERFORMANCE_STATES, PERFORMANCE_STATE);
      if (read != 0) {
        return read;
      }
    }
    int shared = info.perfSharedType();
    return (flags & PlatformOp.XEN_PX_PSD) != 0 && (shared < 1 || shared > LAST_SHARED_TYPE) ? -XenErrno.XEN_EINVAL : 0;
  }

  /** Whether they can be read; as many as there may be. */
  private static long states(Hypercall call, long at, int count, int most, int size) {
    byte[] state = new byte[size];
    int known = Integer.compareUnsigned(count, most) < 0 ? count : most;
    for (int i = 0; i < known; i++) {
      if (!call.read(at + (long) i * size, state, 0, size)) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    return 0;
  }

  /** What the operating system can do with a processor's states; of all of them if the number is -1. */
  private long capabilities(Hypercall call, PlatformProcessorPm info) {
    byte[] words = new byte[CAPABILITY_BYTES];
    if (!call.read(info.pdc(), words, 0, words.length)) {
      return -XenErrno.XEN_EFAULT;
    }
    ByteBuffer bits = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
    return bits.getInt(0) != CAPABILITY_REVISION || bits.getInt(Integer.BYTES) == 0 || info.id() != -1 && unknown(info)
        ? -XenErrno.XEN_EINVAL
        : 0;
  }
}
