// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;

/** What is written becomes inputs, and inputs what is written. */
class WritingInputsTest {
  private record Cpu(int index) implements CpuPort {
    @Override
    public boolean powered() {
      return true;
    }

    @Override
    public void powerOff() {}
  }

  private final List<String> calls = new ArrayList<>();
  private final RegisterInput registers = new RegisterInput(List.of(inspector()));
  private final MemoryInput memory = new MemoryInput();
  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
      (proxy, method, arguments) -> switch (method.getName()) {
        case "processors" -> List.of(new Cpu(0), new Cpu(1));
        case "inputNow" -> input((Machine) proxy, (String) arguments[0], (String) arguments[1], (byte[]) arguments[2]);
        case "load" -> calls.add("load " + Long.toHexString((long) arguments[0]) + " " + ((byte[]) arguments[1]).length);
        case "peek" -> new byte[(int) arguments[1]];
        default -> throw new AssertionError(method);
      });

  private Object input(Machine proxy, String kind, String place, byte[] bytes) {
    calls.add(kind + " " + place + " " + bytes.length);
    assertEquals(bytes.length, (kind.equals(registers.name()) ? registers : memory).apply(proxy, place, bytes));
    return null;
  }

  /** Gives processors with a register of 64 bits, one of 80 and one of 12. */
  private ProcessorInspector inspector() {
    return (port, physical) -> Optional.of((InspectedProcessor) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {
        InspectedProcessor.class}, (proxy, method, arguments) -> switch (method.getName()) {
          case "index" -> port.index();
          case "registers" -> List.of(new RegisterDescription("R", "general", 64), new RegisterDescription("LONG", "other", 80),
              new RegisterDescription("SHORT", "other", 12));
          case "set" -> calls.add(port.index() + " " + arguments[0] + " " + Arrays.toString((long[]) arguments[1]));
          default -> throw new AssertionError(method);
        }));
  }

  private InspectedMachine inspected() {
    return new MachineInspectorComponent(List.of(inspector())).of(machine);
  }

  @Test
  void aRegisterIsSetByAnInput() {
    inspected().processor(1).orElseThrow().set("R", -2);
    inspected().processor(0).orElseThrow().set("LONG", 5, 0xFFFF);
    assertEquals(List.of("register cpu1:R 8", "1 R [-2]", "register cpu0:LONG 16", "0 LONG [5, 65535]"), calls);
  }

  @Test
  void memoryIsWrittenByAnInput() {
    inspected().physical().write(0xFFFF_FFFF_0000_1000L, new byte[3]);
    assertEquals(List.of("memory 0xffffffff00001000 3", "load ffffffff00001000 3"), calls);
  }

  @Test
  void valuesOfAnotherWidthAreRefused() {
    InspectedProcessor processor = inspected().processor(0).orElseThrow();
    for (long[] wrong : new long[][] {{}, {1, 2}}) {
      assertThrows(IllegalArgumentException.class, () -> processor.set("R", wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> processor.set("LONG", 1, 0x1_0000));
    assertEquals("cpu 0: SHORT has 12 bits; a value of 1 words of 64 bits, none above those, was expected", assertThrows(
        IllegalArgumentException.class, () -> processor.set("SHORT", 0x1000)).getMessage());
    assertEquals("cpu 0 has no register NONE", assertThrows(IllegalArgumentException.class, () -> processor.set("NONE", 1)).getMessage());
    assertEquals(List.of(), calls.stream().filter(each -> !each.startsWith("register ")).toList(), "none was set");
  }

  /** A journal is a file, in which anything may be. */
  @Test
  void whatNoJournalOfOursHasIsRefused() {
    for (String place : List.of("", "cpu", "cpu:", "cpu7:R", "cpu0", "gpu0:R", "cpu-1:R", "cpu00:R")) {
      assertThrows(IllegalArgumentException.class, () -> registers.apply(machine, place, new byte[8]), place);
    }
    for (byte[] bytes : List.of(new byte[0], new byte[7], new byte[9])) {
      assertThrows(IllegalArgumentException.class, () -> registers.apply(machine, "cpu0:R", bytes));
    }
    for (String place : List.of("", "0x", "1000", "0xG", "0x12345678123456781", "-0x1", "0x-1")) {
      assertThrows(IllegalArgumentException.class, () -> memory.apply(machine, place, new byte[1]), place);
    }
    assertArrayEquals(new Object[0], calls.toArray());
  }
}
