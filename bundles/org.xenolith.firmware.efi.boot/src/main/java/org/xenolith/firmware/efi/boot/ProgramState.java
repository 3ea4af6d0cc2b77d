// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Set;
import java.util.TreeSet;

/** What there is to know of a program since it was entered, beside what its memory has. */
final class ProgramState {
  final EntryState entry = new EntryState();
  /** Layers that have published what they have. */
  final Set<String> begun = new TreeSet<>();
  /** Where the system table is, and what it leads to. */
  long tables;
  /** The handle of the firmware's own image. */
  long image;
  /** The handle of the console that is none. */
  long nothing;
  /** Whether boot services are over. */
  boolean over;
  /** Whether it runs at EL2. */
  boolean hypervisor;
  /** Whether the timer's interrupt reaches the CPU. */
  boolean interrupts;
  /** What the timer is set to; 0: it is off. */
  long armed;

  void clear() {
    entry.clear();
    tables = 0;
    image = 0;
    nothing = 0;
    over = false;
    hypervisor = false;
    interrupts = false;
    armed = 0;
    begun.clear();
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    entry.save(out);
    out.put(tables).put(image).put(nothing).put(over ? 1 : 0).put(hypervisor ? 1 : 0).put(interrupts ? 1 : 0).put(armed);
    return out.all(begun, out::put).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("program", bytes);
    clear();
    entry.restore(in);
    tables = in.get();
    image = in.get();
    nothing = in.get();
    over = in.get() != 0;
    hypervisor = in.get() != 0;
    interrupts = in.get() != 0;
    armed = in.get();
    in.each(() -> begun.add(in.text()));
  }
}
