// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.block.api.BlockPort;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.origin.api.OriginStep.Kind;
import org.xenolith.origin.api.OwnedCopy;
import org.xenolith.origin.api.StepNotes;

/** Is told what happens in a machine during one instruction, or while it waits for the next one. */
final class WatchedStep implements MachineWatcher, StepNotes {
  /** A guest exit. */
  record Exit(ExitKind kind, String place) {}

  /** A bus master's access to memory; what it read, if that is short. */
  record Transfer(String device, long address, int length, boolean write, byte[] read) {}

  /** An access to a model's register. */
  record Access(String device, long address, int size, boolean write, long value) {}

  private static final int SHORT = 256;

  private final Machine machine;
  final List<Exit> exits = new ArrayList<>();
  final List<Access> accesses = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  /** Transfers, copies and what came in, in the order in which they were. */
  final List<Object> order = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();

  private WatchedStep(Machine machine) {
    this.machine = machine;
  }

  /** Has a machine moved, and hears what happens meanwhile. */
  static WatchedStep of(Machine machine, WordOwners owners, Runnable move) {
    WatchedStep step = new WatchedStep(machine);
    machine.watch(step);
    step.watchOutside();
    step.ends.addAll(owners.watch(machine, step));
    try {
      move.run();
    } finally {
      machine.forget(step);
      step.ends.forEach(Runnable::run);
    }
    return step;
  }

  private void watchOutside() {
    machine.ports(BlockPort.class).forEach(this::watchDisk);
    machine.ports(BlockUnitsPort.class).forEach((node, units) -> units.attached().forEach((unit, port) -> watchDisk(node + '#' + unit,
        port)));
    machine.ports(EthernetPort.class).values().forEach(port -> {
      port.watch((station, sent, bytes, offset, length) -> {
        if (!sent) {
          order.add(new CameIn(Kind.FRAME, station.name(), 0, Arrays.copyOfRange(bytes, offset, offset + length)));
        }
      });
      ends.add(() -> port.watch(null));
    });
  }

  private void watchDisk(String place, BlockPort port) {
    port.watch((sector, count, bytes, offset, write) -> {
      if (!write) {
        order.add(new CameIn(Kind.SECTOR, place, sector, Arrays.copyOfRange(bytes, offset, offset + CameIn.SECTOR * count)));
      }
    });
    ends.add(() -> port.watch(null));
  }

  /** What came in, in the order in which it did. */
  List<CameIn> cameIn() {
    return all(CameIn.class);
  }

  /** Bus masters' accesses, in their order. */
  List<Transfer> transfers() {
    return all(Transfer.class);
  }

  /** Of the bus masters' accesses those that came before one. */
  Stream<Transfer> before(Transfer one) {
    return order.subList(0, order.indexOf(one)).stream().filter(Transfer.class::isInstance).map(Transfer.class::cast);
  }

  /** What Java copied, in its order. */
  List<OwnedCopy> copies() {
    return all(OwnedCopy.class);
  }

  private <T> List<T> all(Class<T> type) {
    return order.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Who did something beside the instruction itself, for people. */
  List<String> by() {
    List<String> by = new ArrayList<>();
    exits.forEach(each -> by.add("guest exit (" + each.kind() + ") to " + each.place()));
    by.addAll(notes);
    copies().forEach(each -> by.add(each.text()));
    transfers().stream().filter(Transfer::write).forEach(each -> by.add("DMA of %s, %d bytes at 0x%x".formatted(each.device(), each
        .length(),
        each.address())));
    return by.stream().distinct().toList();
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {
    exits.add(new Exit(kind, place));
  }

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  @Override
  public void accessed(String place, long address, int size, boolean write, long value) {
    accesses.add(new Access(place, address, size, write, value));
  }

  @Override
  public void note(String text) {
    notes.add(text);
  }

  @Override
  public void sectors(String disk, long first, byte[] bytes) {
    order.add(new CameIn(Kind.SECTOR, disk, first, bytes));
  }

  @Override
  public void copied(OwnedCopy copy) {
    order.add(copy);
  }

  @Override
  public void transferred(String place, long address, int length, boolean write) {
    order.add(new Transfer(place, address, length, write, write || length > SHORT ? new byte[0] : held(address, length)));
  }

  /** Empty if it isn't all in RAM at the address that the device has. */
  private byte[] held(long address, int length) {
    try {
      return machine.peek(address, length);
    } catch (IllegalArgumentException outside) {
      return new byte[0];
    }
  }

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {}
}
