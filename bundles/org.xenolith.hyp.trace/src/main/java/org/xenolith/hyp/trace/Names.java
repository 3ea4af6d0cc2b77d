// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xenolith.xen.abi.ConsoleIo;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HvmOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.PhysdevOp;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.VersionOp;
import org.xenolith.xen.abi.XenErrno;

/** Names of numbers, as the public headers have them: taken from the constants of the ABI themselves. */
final class Names {
  private static final Map<Integer, String> HYPERCALLS = of(HypercallNumber.class, "__HYPERVISOR_");
  private static final Map<Integer, String> ERRORS = of(XenErrno.class, "XEN_");
  private static final Map<Integer, String> SHUTDOWNS = of(SchedOp.class, "SHUTDOWN_", "MAX");
  private static final Map<Integer, String> CHANNELS = of(EventChannelOp.class, "EVTCHNSTAT_");
  /** Sub-operations by hypercall, of those that have them in argument 0. */
  private static final Map<Integer, Map<Integer, String>> OPERATIONS = Map.of(
      // memory.h uses the prefix for parts of other operations and for arguments, too.
      HypercallNumber.__HYPERVISOR_memory_op, of(MemoryOp.class, "XENMEM_", "resource_", "paging_op_", "sharing_op_", "access_op_",
          "FORK_", "RDM_"),
      HypercallNumber.__HYPERVISOR_xen_version, of(VersionOp.class, "XENVER_"),
      HypercallNumber.__HYPERVISOR_console_io, of(ConsoleIo.class, "CONSOLEIO_"),
      HypercallNumber.__HYPERVISOR_grant_table_op, of(GrantOp.class, "GNTTABOP_"),
      HypercallNumber.__HYPERVISOR_vcpu_op, of(VcpuOp.class, "VCPUOP_"),
      HypercallNumber.__HYPERVISOR_sched_op, of(SchedOp.class, "SCHEDOP_"),
      HypercallNumber.__HYPERVISOR_event_channel_op, of(EventChannelOp.class, "EVTCHNOP_"),
      HypercallNumber.__HYPERVISOR_physdev_op, of(PhysdevOp.class, "PHYSDEVOP_"),
      HypercallNumber.__HYPERVISOR_hvm_op, of(HvmOp.class, "HVMOP_"));

  private Names() {}

  private static Map<Integer, String> of(Class<?> constants, String prefix, String... others) {
    Map<Integer, String> names = new TreeMap<>();
    for (Field field : constants.getFields()) {
      String name = field.getName();
      if (field.getType() == int.class && Modifier.isStatic(field.getModifiers()) && name.startsWith(prefix)
          && Set.of(others).stream().noneMatch(name.substring(prefix.length())::startsWith)) {
        try {
          names.putIfAbsent(field.getInt(null), name.substring(prefix.length()));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(constants.getSimpleName() + "." + name + " can't be read", e);
        }
      }
    }
    return names;
  }

  /** For example {@code sched_op}. */
  static String hypercall(long number) {
    return HYPERCALLS.getOrDefault((int) number, "hypercall " + number);
  }

  /** Whether argument 0 of a hypercall is a sub-operation. */
  static boolean hasOperations(long number) {
    return OPERATIONS.containsKey((int) number);
  }

  /** For example {@code block}; the number itself if it has no name. */
  static String operation(long number, long operation) {
    return OPERATIONS.get((int) number).getOrDefault((int) operation, Integer.toString((int) operation));
  }

  /** {@code -ENOSYS}, or a number. */
  static String result(long value) {
    String error = value < 0 && value > -4096 ? ERRORS.get((int) -value) : null;
    return error != null ? "-" + error : value >= -4096 && value < 65536 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  /** Why a domain shut down. */
  static String shutdown(long reason) {
    return SHUTDOWNS.getOrDefault((int) reason, Long.toString(reason));
  }

  /** Kind of an event channel. */
  static String channel(long kind) {
    return CHANNELS.getOrDefault((int) kind, Long.toString(kind));
  }
}
