// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;

/** Physical interrupts at the port, and what it answers without a provider or with one that throws. */
class VirtualGicPortTest {
  private static final RuntimeException BUG = new IllegalStateException("bug");
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();

  private DeviceContext owner(String name) {
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "instance", "toString" -> name;
          case "failed" -> failures.add((Throwable) arguments[0]) ? null : null;
          default -> throw new AssertionError(method);
        });
  }

  private static VirtualGic throwing(Throwable bug) {
    return (VirtualGic) Proxy.newProxyInstance(VirtualGic.class.getClassLoader(), new Class<?>[] {VirtualGic.class},
        (proxy, method, arguments) -> {
          throw bug;
        });
  }

  private static Object zero(Class<?> type) {
    return type == boolean.class ? false : type == int.class ? (Object) 0 : null;
  }

  private static String answer(VirtualGicPort port, Method method) throws IllegalAccessException {
    try {
      return String.valueOf(method.invoke(port, Arrays.stream(method.getParameterTypes()).map(VirtualGicPortTest::zero).toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RamExhausted memory) {
        throw memory;
      }
      assertTrue(e.getCause() instanceof HypervisorException refused && refused.errno() < 0, method + " threw " + e.getCause());
      return "refused";
    }
  }

  @Test
  void providerThatThrowsIsTakenOutAndTheAnswerIsThatOfNone() throws IllegalAccessException {
    for (Method method : VirtualGic.class.getMethods()) {
      String absent = answer(new VirtualGicPort(), method);
      VirtualGicPort port = new VirtualGicPort();
      failures.clear();
      port.attach(throwing(BUG), owner("broken"));
      assertEquals(absent, answer(port, method), method.toString());
      assertEquals(List.of(BUG), failures, method + " tells its owner");
      assertFalse(port.present(), method + " takes it out");
      port.attach(throwing(new RamExhausted("no room")), owner("innocent"));
      assertThrows(RamExhausted.class, () -> answer(port, method), method.toString());
      assertTrue(port.present(), method.toString());
    }
  }

  @Test
  void physicalInterruptIsItsClaimantsAloneAndNoNumberOutsideIsOne() {
    VirtualGicPort gic = new VirtualGicPort();
    HostInterrupt handler = (cpu, intid) -> heard.add("host " + intid);
    assertFalse(gic.serveHost(null, 33));
    gic.claimHost(33, true, handler, owner("console"));
    assertTrue(gic.serveHost(null, 33));
    gic.releaseHost(33, (cpu, intid) -> {});
    assertTrue(gic.serveHost(null, 33), "another's release doesn't count");
    gic.releaseHost(33, handler);
    assertFalse(gic.serveHost(null, 33));
    assertEquals(List.of("host 33", "host 33"), heard);
    assertNull(gic.host(VirtualGicPort.END_OF_INTIDS));
    assertThrows(IllegalArgumentException.class, () -> gic.claimHost(VirtualGicPort.END_OF_INTIDS, true, handler, null));
    gic.claimShared(40, (cpu, intid) -> {
      throw BUG;
    }, owner("shares"));
    assertFalse(gic.serveShared(null, 40), "the domain hears of it");
    assertEquals(List.of(BUG), failures);
  }
}
