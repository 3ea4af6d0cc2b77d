// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.hypervisor;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.StoreMessage;

/** Names of hypercalls and of requests to the store, as the public headers have them; those of sub-operations are declared by who serves them. */
final class AbiNames {
  private static final Map<Integer, String> HYPERCALLS = of(HypercallNumber.class, "__HYPERVISOR_");
  private static final Map<Integer, String> REQUESTS = of(StoreMessage.class, "XS_");
  private final HypercallsPort port;
  private final Map<Long, String> operations = new HashMap<>();

  AbiNames(HypercallsPort port) {
    this.port = port;
  }

  private static Map<Integer, String> of(Class<?> constants, String prefix) {
    Map<Integer, String> names = new HashMap<>();
    for (Field field : constants.getFields()) {
      if (field.getType() == int.class && Modifier.isStatic(field.getModifiers()) && field.getName().startsWith(prefix)) {
        try {
          names.putIfAbsent(field.getInt(null), field.getName().substring(prefix.length()));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(constants.getSimpleName() + "." + field.getName() + " can't be read", e);
        }
      }
    }
    return names;
  }

  /** For example {@code sched_op}. */
  String hypercall(long number) {
    return HYPERCALLS.getOrDefault((int) number, "hypercall " + number);
  }

  /** For example {@code sched_op block}; without the second word if nobody has declared that one. */
  String hypercall(long number, long argument) {
    if (number < 0 || number >= HypercallsPort.COUNT || argument < 0 || argument > 0xFFFF) {
      return hypercall(number);
    }
    return operations.computeIfAbsent(number << 16 | argument, key -> port.operations((int) number).stream().filter(each -> each
        .number() == argument).findFirst().map(HypercallOperation::name).map(name -> hypercall(number) + ' ' + name).orElse(hypercall(
            number)));
  }

  /** For example {@code READ}. */
  String store(int type) {
    return REQUESTS.getOrDefault(type, "request " + type);
  }
}
