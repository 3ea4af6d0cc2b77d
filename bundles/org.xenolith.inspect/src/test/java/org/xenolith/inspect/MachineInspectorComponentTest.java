// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;

/** A machine of processors of two architectures, which inspectors look into that know one each. */
class MachineInspectorComponentTest {
  private record Cpu(int index, String kind) implements CpuPort {
    @Override
    public boolean powered() {
      return true;
    }

    @Override
    public void powerOff() {}
  }

  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
      (proxy, method, arguments) -> switch (method.getName()) {
        case "processors" -> List.of(new Cpu(0, "one"), new Cpu(1, "other"), new Cpu(2, "one"));
        case "peek" -> {
          if ((long) arguments[0] >= 0x1000) {
            throw new IllegalArgumentException("no RAM");
          }
          yield new byte[(int) arguments[1]];
        }
        default -> throw new AssertionError(method);
      });

  /** Gives processors that know nothing but their index. */
  private static ProcessorInspector inspector(String kind) {
    return (port, physical) -> {
      assertEquals("physical", physical.name());
      return !((Cpu) port).kind.equals(kind) ? Optional.empty()
          : Optional.of((InspectedProcessor) Proxy.newProxyInstance(MachineInspectorComponentTest.class.getClassLoader(), new Class<?>[] {
              InspectedProcessor.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "index" -> port.index();
                case "instructions" -> kind;
                default -> throw new AssertionError(method);
              }));
    };
  }

  @Test
  void eachProcessorIsLookedIntoByWhoKnowsIt() {
    InspectedMachine both = new MachineInspectorComponent(List.of(inspector("one"), inspector("other"))).of(machine);
    assertEquals(List.of("one", "other", "one"), both.processors().stream().map(InspectedProcessor::instructions).toList());
    assertEquals(1, both.processor(1).orElseThrow().index());
    assertTrue(both.processor(3).isEmpty());
    InspectedMachine one = new MachineInspectorComponent(List.of(inspector("one"))).of(machine);
    assertEquals(List.of(0, 2), one.processors().stream().map(InspectedProcessor::index).toList());
    assertTrue(one.processor(1).isEmpty(), "nobody knows it");
    assertEquals(List.of(), new MachineInspectorComponent(List.of()).of(machine).processors());
  }

  @Test
  void physicalMemoryIsTheMachinesRam() {
    InspectedMemory physical = new MachineInspectorComponent(List.of()).of(machine).physical();
    assertArrayEquals(new byte[16], physical.read(0x100, 16).orElseThrow());
    assertTrue(physical.read(0x2000, 16).isEmpty());
    assertEquals(OptionalLong.of(0x2000), physical.physical(0x2000));
    assertTrue(physical.below().isEmpty() && physical.translate(0).isEmpty() && physical.walk(0).isEmpty());
  }
}
