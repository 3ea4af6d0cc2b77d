// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.symbols.MachineSymbols;

/** One processor with one register, R0, that has 16, and eight bytes of memory there. */
final class StandingMachine {
  private StandingMachine() {}

  @SuppressWarnings("unchecked") // a proxy of that type
  private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
    return (T) Proxy.newProxyInstance(StandingMachine.class.getClassLoader(), new Class<?>[] {type}, handler);
  }

  static NamedMachine machine() {
    InspectedMemory memory = proxy(InspectedMemory.class, (self, method, arguments) -> switch (method.getName()) {
      case "read" -> (long) arguments[0] == 16 ? Optional.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}) : Optional.empty();
      default -> throw new AssertionError(method);
    });
    InspectedProcessor processor = proxy(InspectedProcessor.class, (self, method, arguments) -> switch (method.getName()) {
      case "index" -> 0;
      case "registers" -> List.of(new RegisterDescription("R0", "general", 64));
      case "value" -> new long[] {16};
      case "place" -> new ProcessorPlace(0x1000, Privilege.KERNEL, "EL1", "", 0, -1);
      case "memory" -> memory;
      default -> throw new AssertionError(method);
    });
    InspectedMachine machine = proxy(InspectedMachine.class, (self, method, arguments) -> switch (method.getName()) {
      case "processors" -> List.of(processor);
      case "processor" -> (int) arguments[0] == 0 ? Optional.of(processor) : Optional.empty();
      case "guest" -> "";
      default -> throw new AssertionError(method);
    });
    MachineSymbols symbols = proxy(MachineSymbols.class, (self, method, arguments) -> List.of());
    return new NamedMachine(null, machine, symbols);
  }
}
