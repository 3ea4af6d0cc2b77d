// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.EfiCall;
import org.xenolith.xen.abi.PlatformEfiCall;
import org.xenolith.xen.abi.XenErrno;

/**
 * XENPF_efi_runtime_call (public header {@code platform.h}): a function by its number. The hypercall answers 0 if the firmware was called,
 * and how that went is in {@code status}; what is refused before answers an errno, and nothing is copied back.
 */
final class EfiFunctions implements SubOperation.Handler<PlatformEfiCall> {
  /** The first revision of the specification with QueryVariableInfo and capsules, as headers say it. */
  private static final int VERSION_2 = 2 << 16;

  private final RuntimeServices services;
  private final DescribedFirmware firmware;
  private final VariableCalls variables;
  private final CapsuleCalls capsules;
  private final boolean callable;

  /** @param callable whether Dom0 may call the firmware at all */
  EfiFunctions(RuntimeServices services, DescribedFirmware firmware, BootSpace bootSpace, boolean callable) {
    this.services = services;
    this.firmware = firmware;
    this.callable = callable;
    variables = new VariableCalls(services, bootSpace);
    capsules = new CapsuleCalls(services);
  }

  @Override
  public long serve(Hypercall call, PlatformEfiCall op, Domain caller) {
    FirmwareDescription described = firmware.description();
    if (!callable || described != null && described.runtimeRevision() == 0) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    int refused = refused(op, described == null || Integer.compareUnsigned(described.runtimeRevision(), VERSION_2) >= 0);
    if (refused != 0) {
      return refused;
    }
    try {
      op.status(called(call, op).code());
      return 0;
    } catch (CallerBytes.Refused refusal) {
      return refusal.errno();
    }
  }

  /** What is wrong with the function's number or its bits in {@code misc}; 0 for nothing. */
  private static int refused(PlatformEfiCall op, boolean version2) {
    int function = op.function();
    if (function < EfiCall.XEN_EFI_get_time || function > EfiCall.XEN_EFI_update_capsule) {
      return -XenErrno.XEN_ENOSYS;
    }
    int allowed = switch (function) {
      case EfiCall.XEN_EFI_set_wakeup_time -> EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE | EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE_ONLY;
      case EfiCall.XEN_EFI_set_variable -> -1;
      case EfiCall.XEN_EFI_query_variable_info -> EfiCall.XEN_EFI_VARINFO_BOOT_SNAPSHOT;
      default -> 0;
    };
    if ((op.misc() & ~allowed) != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    boolean snapshot = function == EfiCall.XEN_EFI_query_variable_info && op.misc() != 0;
    if (snapshot && !VariableCalls.hasSnapshot(op.queryVariableInfoAttr())) {
      return -XenErrno.XEN_EINVAL;
    }
    return function >= EfiCall.XEN_EFI_query_variable_info && !snapshot && !version2 ? -XenErrno.XEN_EOPNOTSUPP : 0;
  }

  private EfiStatus called(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    return switch (op.function()) {
      case EfiCall.XEN_EFI_get_time -> getTime(op);
      case EfiCall.XEN_EFI_set_time -> services.setTime(time(op.setTime(0), op.setTime(1)));
      case EfiCall.XEN_EFI_get_wakeup_time -> getWakeupTime(op);
      case EfiCall.XEN_EFI_set_wakeup_time -> setWakeupTime(op);
      case EfiCall.XEN_EFI_get_next_high_monotonic_count -> count(op);
      case EfiCall.XEN_EFI_get_variable -> variables.get(call, op);
      case EfiCall.XEN_EFI_set_variable -> variables.set(call, op);
      case EfiCall.XEN_EFI_get_next_variable_name -> variables.next(call, op);
      case EfiCall.XEN_EFI_query_variable_info -> variables.query(op);
      case EfiCall.XEN_EFI_query_capsule_capabilities -> capsules.query(call, op);
      default -> capsules.update(call, op);
    };
  }

  private EfiStatus getTime(PlatformEfiCall op) {
    TimeAnswer answer = services.getTime();
    if (!answer.status().isError()) {
      ByteBuffer bytes = bytes(answer.time());
      op.getTimeTime(0, bytes.getLong());
      op.getTimeTime(1, bytes.getLong());
      op.getTimeResolution(answer.resolution());
      op.getTimeAccuracy(answer.accuracy());
      op.misc(answer.setsToZero() ? EfiCall.XEN_EFI_GET_TIME_SET_CLEARS_NS : 0);
    }
    return answer.status();
  }

  private EfiStatus getWakeupTime(PlatformEfiCall op) {
    WakeupAnswer answer = services.getWakeupTime();
    if (!answer.status().isError()) {
      ByteBuffer bytes = bytes(answer.time());
      op.getWakeupTime(0, bytes.getLong());
      op.getWakeupTime(1, bytes.getLong());
      op.misc((answer.enabled() ? EfiCall.XEN_EFI_GET_WAKEUP_TIME_ENABLED : 0)
          | (answer.pending() ? EfiCall.XEN_EFI_GET_WAKEUP_TIME_PENDING : 0));
    }
    return answer.status();
  }

  private EfiStatus setWakeupTime(PlatformEfiCall op) {
    boolean enable = (op.misc() & EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE) != 0;
    boolean only = (op.misc() & EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE_ONLY) != 0;
    op.misc(0);
    return services.setWakeupTime(enable, only ? null : time(op.setWakeupTime(0), op.setWakeupTime(1)));
  }

  private EfiStatus count(PlatformEfiCall op) {
    CounterAnswer answer = services.getNextHighMonotonicCount();
    if (!answer.status().isError()) {
      op.misc(answer.high());
    }
    return answer.status();
  }

  private static EfiTime time(long low, long high) {
    return EfiTime.ofBytes(sixteen(low, high), 0);
  }

  private static ByteBuffer bytes(EfiTime time) {
    return ByteBuffer.wrap(time.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Sixteen bytes that an argument has as two numbers. */
  static byte[] sixteen(long low, long high) {
    return ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(low).putLong(high).array();
  }
}
