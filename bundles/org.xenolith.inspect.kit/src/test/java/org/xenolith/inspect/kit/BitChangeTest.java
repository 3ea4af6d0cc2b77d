// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;

/** A bit is told of when it has changed, whatever else of its byte was written. */
class BitChangeTest {
  private byte held = 0x20;
  private AddressWatcher watcher;
  private int watched;
  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (proxy,
      method, arguments) -> {
    if (method.getName().equals("peek")) {
      return new byte[] {held};
    }
    watcher = (AddressWatcher) arguments[0];
    watched = ((List<?>) arguments[1]).size();
    return null;
  });

  private void write(int value) {
    held = (byte) value;
    watcher.met(Optional.empty(), null, 0x1000, 8, true);
  }

  @Test
  void onlyAChangeOfTheBitIsTold() {
    List<String> told = new ArrayList<>();
    BitChange bit = new BitChange(0x1000, 5);
    Runnable end = bit.begin(machine, (cpu, text) -> told.add(text));
    write(0x20);
    write(0x21);
    assertEquals(List.of(), told);
    write(0x01);
    write(0x81);
    write(0xA0);
    assertEquals(List.of("cleared", "set"), told);
    assertEquals(true, bit.set(machine));
    end.run();
    assertEquals(0, watched);
  }
}
