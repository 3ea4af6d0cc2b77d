// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.xenolith.inspect.api.DebuggerFeature;
import org.xenolith.inspect.api.DebuggerRegister;
import org.xenolith.inspect.api.DebuggerTarget;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.regs.RegisterField;

/** Two processors with four registers each, and 8 KiB of RAM at 0x4000 that code has at 0x10000. */
final class FakeMachine implements InspectedMachine {
  static final long RAM = 0x4000;
  static final long CODE = 0x10000;
  final byte[] ram = new byte[2 * InspectedMemory.PAGE];
  final List<InspectedProcessor> processors = List.of(new Cpu(0), new Cpu(1));
  final Stops stops = new Stops();
  /** The domain whose code each processor executes; empty lists none, as of a machine without a hypervisor. */
  final List<String> executes = new ArrayList<>();

  /** What was set where. */
  final class Stops implements StopPoints {
    final Map<StopPoint, Predicate<StopReport>> points = new LinkedHashMap<>();
    final List<StopReport> reached = new ArrayList<>();
    int changes;

    @Override
    public StopPoint add(StopPlace place, Predicate<StopReport> condition) {
      return change(List.of(), List.of(place), condition).getFirst();
    }

    @Override
    public List<StopPoint> change(List<StopPoint> closed, List<StopPlace> places, Predicate<StopReport> condition) {
      changes++;
      closed.forEach(points::remove);
      List<StopPoint> added = new ArrayList<>();
      for (StopPlace place : places) {
        StopPoint point = new StopPoint() {
          @Override
          public StopPlace place() {
            return place;
          }

          @Override
          public void close() {
            points.remove(this);
          }
        };
        points.put(point, condition);
        added.add(point);
      }
      return added;
    }

    @Override
    public List<StopReport> take() {
      List<StopReport> all = List.copyOf(reached);
      reached.clear();
      return all;
    }

    List<StopPlace> places() {
      return points.keySet().stream().map(StopPoint::place).toList();
    }

    /** A processor comes to a place. */
    void reach(StopPlace place, int cpu, long address) {
      StopReport report = new StopReport(place, OptionalInt.of(cpu), address, true, "");
      points.entrySet().stream().filter(each -> each.getKey().place().equals(place)).filter(each -> each.getValue().test(report)).forEach(
          each -> reached.add(report));
    }
  }

  @Override
  public List<InspectedProcessor> processors() {
    return processors;
  }

  @Override
  public Optional<InspectedProcessor> processor(int index) {
    return processors.stream().filter(each -> each.index() == index).findFirst();
  }

  @Override
  public Optional<List<String>> guests() {
    return executes.isEmpty() ? Optional.empty() : Optional.of(List.of("d0", "d3"));
  }

  @Override
  public String guest(ProcessorPlace place) {
    return executes.isEmpty() ? "" : executes.get(place.guestNumber());
  }

  @Override
  public List<InspectedDevice> devices() {
    return List.of();
  }

  @Override
  public InspectedMemory physical() {
    return new Memory(RAM);
  }

  @Override
  public StopPoints stops() {
    return stops;
  }

  /** The RAM from an address on. */
  final class Memory implements InspectedMemory {
    private final long base;

    Memory(long base) {
      this.base = base;
    }

    @Override
    public String name() {
      return "some";
    }

    @Override
    public Optional<InspectedMemory> below() {
      return base == RAM ? Optional.empty() : Optional.of(FakeMachine.this.physical());
    }

    @Override
    public Optional<Mapping> translate(long address) {
      return base != RAM && Long.compareUnsigned(address - base, ram.length) < 0 ? Optional.of(new Mapping(address - base + RAM, PAGE, true,
          true, true)) : Optional
              .empty();
    }

    @Override
    public List<TableEntry> walk(long address) {
      return List.of();
    }

    @Override
    public Optional<byte[]> read(long address, int length) {
      long at = address - base;
      return at < 0 || at > ram.length - length ? Optional.empty() : Optional.of(java.util.Arrays.copyOfRange(ram, (int) at, (int) at
          + length));
    }

    @Override
    public void write(long address, byte[] bytes) {
      if (read(address, bytes.length).isEmpty()) {
        throw new IllegalArgumentException("no RAM");
      }
      System.arraycopy(bytes, 0, ram, (int) (address - base), bytes.length);
    }
  }

  /** A processor whose registers are what they were set to. */
  final class Cpu implements InspectedProcessor {
    private final int index;
    private final Map<String, long[]> values = new HashMap<>();

    Cpu(int index) {
      this.index = index;
      values.put("A", new long[] {0x1122334455667788L + index});
      values.put("PC", new long[] {CODE});
      values.put("WIDE", new long[] {1, 2});
      values.put("CTL", new long[] {5});
      values.put("ID", new long[] {0x1234});
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public String instructions() {
      return "fake";
    }

    @Override
    public ProcessorPlace place() {
      return new ProcessorPlace(values.get("PC")[0], Privilege.KERNEL, "level 1", "", 0, index);
    }

    @Override
    public List<RegisterDescription> registers() {
      return List.of(new RegisterDescription("A", "general", 64), new RegisterDescription("PC", "general", 64), new RegisterDescription(
          "WIDE", "vector", 128), new RegisterDescription("CTL", "system, level 1", 64, "Control", List.of(new RegisterField("ON", 0, 1,
              ""),
              new RegisterField("MODE", 1, 2, ""))), new RegisterDescription("ID", "identification", 32));
    }

    @Override
    public long[] value(String name) {
      return values.get(name).clone();
    }

    @Override
    public void set(String name, long... value) {
      if (name.equals("ID")) {
        throw new IllegalArgumentException("ID can only be read");
      }
      values.put(name, value.clone());
    }

    @Override
    public Optional<DebuggerTarget> debuggerTarget() {
      return Optional.of(new DebuggerTarget("fake", "fake-unknown-none", 7, List.of(new DebuggerFeature("org.gnu.gdb.fake.core", "", List
          .of(
              new DebuggerRegister("a", 64, "int", "general", "A"), new DebuggerRegister("pc", 64, "code_ptr", "general", "PC"),
              new DebuggerRegister("ahigh", 32, "int", "general", "A", 32), new DebuggerRegister("none", 32, "int", "general", ""))),
          new DebuggerFeature("org.gnu.gdb.fake.vector", "<vector id=\"v2\" type=\"int64\" count=\"2\"/>\n", List.of(new DebuggerRegister(
              "w",
              128, "v2", "vector", "WIDE"))))));
    }

    @Override
    public List<InspectedMemory> memories() {
      return List.of(memory(), FakeMachine.this.physical());
    }

    @Override
    public InspectedMemory memory() {
      return new Memory(CODE);
    }

    @Override
    public long[] calls(int most, LongUnaryOperator functionAt) {
      return new long[0];
    }

    @Override
    public List<InstructionText> disassemble(long address, int count) {
      return List.of();
    }
  }
}
