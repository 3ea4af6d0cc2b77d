// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Registers as who looks into a device is told of them. */
class RegisterVisitorTest {
  /** A stored one, and one that acts when it is read. */
  private enum Table implements Register {
    CONTROL(RegisterSpec.at(0, "1").rw(0xFF).reset(7)), DATA(RegisterSpec.at(8, "2").wide());

    private final RegisterSpec spec;

    Table(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

  private static List<String> told(DeviceState state) {
    List<String> told = new ArrayList<>();
    state.visitRegisters((window, register, value, stored) -> told.add(window + " " + register.name() + " " + value + " " + stored));
    return told;
  }

  @Test
  void registersAreToldAsTheyAreStoredAndNoneIsRead() {
    DeviceState state = new DeviceState();
    int[] reads = new int[1];
    DeviceState odd = new DeviceState();
    RegisterFile<Table> file = odd.registers("odd", Table.class, RegisterFaults.NONE).onRead(Table.DATA, () -> reads[0]++);
    file.set(Table.CONTROL, 9);
    assertEquals(List.of("odd CONTROL 9 true", "odd DATA 0 false"), told(odd));
    assertEquals(0, reads[0]);
    assertEquals(List.of(), told(state));
  }

  @Test
  void registersThatAreKeptOtherwiseAreToldToo() {
    DeviceState state = new DeviceState();
    LongCell cell = state.cell("mode", 3);
    state.shows("bank", List.of(Table.values()), register -> register == Table.CONTROL ? OptionalLong.of(cell.value) : OptionalLong
        .empty());
    assertEquals(List.of("bank CONTROL 3 true", "bank DATA 0 false"), told(state));
    assertEquals(Set.of("mode"), state.names(), "it is no state");
  }

  @Test
  void partsThatComeAndGoTellOfTheirs() {
    DeviceState state = new DeviceState();
    Map<String, DeviceState> parts = new LinkedHashMap<>();
    state.children("ports", parts::clear, () -> parts, name -> parts.computeIfAbsent(name, each -> new DeviceState()));
    assertEquals(List.of(), told(state));
    DeviceState port = new DeviceState();
    port.registers("registers", Table.class, RegisterFaults.NONE);
    parts.put("first", port);
    assertEquals(List.of("first/registers CONTROL 7 true", "first/registers DATA 0 true"), told(state));
  }

  @Test
  void oneRegisterIsAskedForWithoutTheOthers() {
    DeviceState state = new DeviceState();
    List<Register> asked = new ArrayList<>();
    state.shows("bank", List.of(Table.values()), register -> {
      asked.add(register);
      return register == Table.CONTROL ? OptionalLong.of(5) : OptionalLong.empty();
    });
    DeviceState port = new DeviceState();
    port.registers("registers", Table.class, RegisterFaults.NONE).onRead(Table.DATA, () -> 9);
    state.children("ports", () -> {}, () -> Map.of("a/b", port), name -> port);
    assertEquals(Optional.of(OptionalLong.of(5)), state.stored("bank", "CONTROL", 0));
    assertEquals(Optional.of(OptionalLong.empty()), state.stored("bank", "DATA", 8));
    assertEquals(List.of(Table.CONTROL, Table.DATA), asked);
    assertEquals(Optional.empty(), state.stored("bank", "DATA", 4), "another place");
    assertEquals(Optional.empty(), state.stored("other", "DATA", 8));
    assertEquals(Optional.of(OptionalLong.of(7)), state.stored("a/b/registers", "CONTROL", 0));
    assertEquals(Optional.of(OptionalLong.empty()), state.stored("a/b/registers", "DATA", 8));
    assertEquals(Optional.empty(), state.stored("a/registers", "DATA", 8));
  }
}
