// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.xenolith.machine.api.ModelException;

/** The machines that are open now, and standing still all together. */
public final class Machines {
  private final List<CoreMachine> open = new CopyOnWriteArrayList<>();

  /** One more is open; it is called by its board's name, and the first number from 2 that is free if another is called so. */
  public synchronized void opened(CoreMachine machine) {
    String board = machine.name();
    Set<String> taken = open.stream().map(CoreMachine::name).collect(Collectors.toSet());
    for (int number = 2; taken.contains(machine.name()); number++) {
      machine.name(board + ' ' + number);
    }
    open.add(machine);
  }

  void closed(CoreMachine machine) {
    open.remove(machine);
  }

  public List<CoreMachine> open() {
    return List.copyOf(open);
  }

  /**
   * Whether the calling thread owns one of them, as when it runs it. It must not make the others stand still then: their
   * threads may be waiting for the same of this one.
   */
  public boolean owned() {
    return open.stream().anyMatch(machine -> machine.loop().stillness().owned());
  }

  /**
   * Makes all of them stand still at safe points; the result lets them go on.
   *
   * @throws ModelException if one never will, because a model hangs
   */
  public Still still() {
    List<CoreMachine> all = open();
    List<CoreMachine> standing = new ArrayList<>();
    try {
      for (CoreMachine machine : all) {
        machine.loop().stillness().acquire();
        standing.add(machine);
      }
    } catch (ModelException hangs) {
      standing.forEach(machine -> machine.loop().stillness().release());
      throw hangs;
    }
    return new Still(all, System.nanoTime());
  }

  /**
   * Machines that stand still.
   *
   * @param since host nanoseconds when the last one did
   */
  public record Still(List<CoreMachine> machines, long since) implements AutoCloseable {
    /** Host nanoseconds so far. */
    public long nanoseconds() {
      return System.nanoTime() - since;
    }

    @Override
    public void close() {
      machines.forEach(machine -> machine.loop().stillness().release());
    }
  }
}
