// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Is told what happens in a machine during one instruction, or while it waits for the next one. */
final class WatchedStep implements MachineWatcher {
  /** A guest exit. */
  record Exit(ExitKind kind, String place) {}

  /** A bus master's access to memory; what it read, if that is short. */
  record Transfer(String device, long address, int length, boolean write, byte[] read) {}

  /** An access to a model's register. */
  record Access(String device, long address, int size, boolean write, long value) {}

  private static final int SHORT = 256;

  private final Machine machine;
  final List<Exit> exits = new ArrayList<>();
  final List<Transfer> transfers = new ArrayList<>();
  final List<Access> accesses = new ArrayList<>();

  private WatchedStep(Machine machine) {
    this.machine = machine;
  }

  /** Has a machine moved, and hears what happens meanwhile. */
  static WatchedStep of(Machine machine, Runnable move) {
    WatchedStep step = new WatchedStep(machine);
    machine.watch(step);
    try {
      move.run();
    } finally {
      machine.forget(step);
    }
    return step;
  }

  /** Who did something beside the instruction itself, for people. */
  List<String> by() {
    List<String> by = new ArrayList<>();
    exits.forEach(each -> by.add("guest exit (" + each.kind() + ") to " + each.place()));
    transfers.stream().filter(Transfer::write).forEach(each -> by.add("DMA of %s, %d bytes at 0x%x".formatted(each.device(), each.length(),
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
  public void transferred(String place, long address, int length, boolean write) {
    transfers.add(new Transfer(place, address, length, write, write || length > SHORT ? new byte[0] : held(address, length)));
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
  public void translated(long instructions, String wayOut) {}
}
