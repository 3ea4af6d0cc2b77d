// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.ModelException;

/** What a factory is given and what it says of CPUs that its engines don't execute, with two architectures that nobody built. */
final class CpuEngineFactoryTest {

  /** A processor that counts. */
  private interface Counter extends CpuPort {
    void count(long instructions);
  }

  /** A processor of another kind. */
  private interface Abacus extends CpuPort {}

  /** Executes a counter: each instruction counts one. */
  private record CountingEngine(Counter counter) implements CpuEngine {
    @Override
    public long run(long budget) {
      counter.count(budget);
      return budget;
    }

    @Override
    public void close() {}
  }

  private final CpuEngineFactory factory = cpu -> new CountingEngine(cpu.as(Counter.class));
  private long counted;

  /** A port of cpu 3 whose processor is of that type. */
  private <T extends CpuPort> T cpu(Class<T> type) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (port, method, arguments) -> switch (method
        .getName()) {
      case "index" -> 3;
      case "count" -> counted += (Long) arguments[0];
      default -> InvocationHandler.invokeDefault(port, method, arguments);
    }));
  }

  @Test
  void anEngineHasTheProcessorBehindThePort() {
    try (CpuEngine engine = factory.create(cpu(Counter.class))) {
      assertEquals(40, engine.run(40));
      assertEquals(0, engine.run(0));
    }
    assertEquals(40, counted);
  }

  @Test
  void aProcessorThatItDoesNotKnowIsRefusedByNumberAndType() {
    Abacus other = cpu(Abacus.class);
    ModelException refused = assertThrows(ModelException.class, () -> factory.create(other));
    assertTrue(refused.getMessage().startsWith("cpu 3 is "), refused.getMessage());
    assertTrue(refused.getMessage().endsWith(", no " + Counter.class.getName()), refused.getMessage());
  }
}
