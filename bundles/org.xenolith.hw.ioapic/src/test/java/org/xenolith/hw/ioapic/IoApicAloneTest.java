// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.ioapic.IoApicBench.LEVEL;
import static org.xenolith.hw.ioapic.IoApicBench.PENDING;
import static org.xenolith.hw.ioapic.IoApicBench.REMOTE_IRR;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.testkit.FakeContext;

/** What becomes of interrupts while nobody serves the local APICs: a write to where they were is refused by the bus. */
class IoApicAloneTest {
  private static final long MILLISECOND = 1_000_000;

  private final FakeContext context = new FakeContext(IoApicBench.node().build()).beside(IoApicBench.localApics().build());
  private final DeviceModel model = new IoApic(withRefusals());
  private boolean served;

  /** The context, with a way to memory that ends in an abort while the local APICs aren't served. */
  private DeviceContext withRefusals() {
    DmaPort there = context.memory().dma(0);
    DmaPort port = proxy(DmaPort.class, (self, method, arguments) -> {
      if (!served) {
        throw ExternalAbort.INSTANCE;
      }
      return method.invoke(there, arguments);
    });
    DeviceMemory memory = proxy(DeviceMemory.class, (self, method, arguments) -> method.getName().equals("dma") ? port : method.invoke(
        context.memory(), arguments));
    return proxy(DeviceContext.class, (self, method, arguments) -> method.getName().equals("memory") ? memory : method.invoke(context,
        arguments));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private void entry(int pin, long low) {
    context.write(0x00, 0x10 + 2 * pin);
    context.write(0x10, low);
  }

  private long entry(int pin) {
    context.write(0x00, 0x10 + 2 * pin);
    return context.read(0x10);
  }

  @Test
  void aLevelStaysPendingAndComesWhenTheyAreBack() {
    model.reset();
    entry(3, 0x61 | LEVEL);
    context.inputs().set(3, -1, true);
    assertEquals(0x61 | LEVEL | PENDING, entry(3), "delivery status: send pending");
    context.clock().advance(100 * MILLISECOND);
    assertEquals(List.of("interrupt-message"), context.reportedEvents().stream().map(FakeContext.Event::kind).toList(), "told once");
    served = true;
    context.clock().advance(MILLISECOND);
    assertEquals(0x61 | LEVEL | REMOTE_IRR, entry(3));
    assertEquals(0xC061, context.sentMessages().getFirst().value());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
    assertTrue(context.reportedFaults().isEmpty());
  }

  @Test
  void whatIsNotAssertedAnyMoreIsNotSent() {
    model.reset();
    entry(3, 0x61 | LEVEL);
    context.inputs().set(3, -1, true);
    context.inputs().set(3, -1, false);
    served = true;
    context.clock().advance(10 * MILLISECOND);
    assertEquals(List.of(), context.sentMessages());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  @Test
  void anEdgeIsLost() {
    model.reset();
    entry(3, 0x61);
    context.inputs().set(3, -1, true);
    served = true;
    context.clock().advance(10 * MILLISECOND);
    assertEquals(List.of(), context.sentMessages());
    assertEquals(0x61, entry(3));
  }

  @Test
  void resetForgetsIt() {
    model.reset();
    entry(3, 0x61 | LEVEL);
    context.inputs().set(3, -1, true);
    model.reset();
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }
}
